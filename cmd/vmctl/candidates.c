// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/candidates.h"

#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "cli/argument.h"
#include "virt/cleanup.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// Adds the value at PATH of each device of this kind that the named guest has.
static void devices(struct call *call, const char *kind, const char *path, struct list *found)
{
	auto_error struct error ignored = {0};
	const char *name = argument_text(call, "domain");
	auto_domain virDomainPtr domain = NULL;
	auto_free char *text = NULL;
	auto_xml struct xml *xml = NULL;
	const struct xml_element *list;

	if (name)
		domain = kind_find(&kind_domain, session_connection(call), NULL, name, BY_ANY,
				   &ignored);
	if (domain)
		text = virDomainGetXMLDesc(domain, 0);
	if (text)
		xml = xml_parse(text, "domain XML", &ignored);
	if (!xml)
		return;
	list = xml_child(xml_root(xml), "devices");
	for (struct xml_element *d = xml_child(list, kind); d; d = xml_next(d, kind)) {
		char *value = path_get(d, path);

		if (value)
			list_add_owned(found, value);
	}
}

void domain_disks(struct call *call, struct list *found)
{
	devices(call, "disk", "target/@dev", found);
}

void device_aliases(struct call *call, struct list *found)
{
	devices(call, NULL, "alias/@name", found);
}

void domain_interfaces(struct call *call, struct list *found)
{
	devices(call, "interface", "target/@dev", found);
	devices(call, "interface", "mac/@address", found);
}
