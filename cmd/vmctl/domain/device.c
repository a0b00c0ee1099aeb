// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/device.h"

#include "base/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"

struct xml *device_xml(virDomainPtr domain, unsigned flags, struct error *err)
{
	auto_free char *text = virDomainGetXMLDesc(domain, flags);

	if (!text) {
		virt_failure_plain(err);
		return NULL;
	}
	return xml_parse(text, "the domain XML", err);
}

struct xml_element *device_list(const struct xml *xml)
{
	return xml_child(xml_root(xml), "devices");
}
