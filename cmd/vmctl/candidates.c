// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/candidates.h"

#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "virt/cleanup.h"
#include "virt/definition.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// The guest that the command line names; NULL for none.
static virDomainPtr named_domain(struct call *call)
{
	auto_error struct error ignored = {0};
	const char *name = argument_text(call, "domain");

	return name ? kind_find(&kind_domain, session_connection(call), NULL, name, BY_ANY,
				&ignored)
		    : NULL;
}

static struct xml *named_xml(struct call *call)
{
	auto_error struct error ignored = {0};
	auto_domain virDomainPtr domain = named_domain(call);

	return domain ? definition_xml(domain, 0, &ignored) : NULL;
}

// Adds the value at PATH of each device of this kind that the named guest has.
static void devices(struct call *call, const char *kind, const char *path, struct list *found)
{
	auto_xml struct xml *xml = named_xml(call);
	const struct xml_element *list = xml ? device_list(xml) : NULL;

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

void domain_interface_addresses(struct call *call, struct list *found)
{
	devices(call, "interface", "mac/@address", found);
}

void domain_interfaces(struct call *call, struct list *found)
{
	devices(call, "interface", "target/@dev", found);
	devices(call, "interface", "mac/@address", found);
}

void domain_vcpus(struct call *call, struct list *found)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = named_xml(call);
	auto_free char *most = xml ? path_get(xml_root(xml), "vcpu") : NULL;
	long long count = 0;

	if (most && number_parse(most, 0, INT_MAX, &count, &ignored) < 0)
		return;
	for (long long i = 0; i < count; i++)
		list_add_format(found, "%lld", i);
}
