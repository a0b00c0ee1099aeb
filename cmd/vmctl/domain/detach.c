// SPDX-License-Identifier: GPL-3.0-or-later
// Disks and network interfaces that leave a guest, by their names.
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

// Shows the device, or detaches it.
static int detach(struct call *call, const struct xml_element *device, struct error *err)
{
	auto_free char *xml = NULL;

	if (argument_flag(call, "print-xml")) {
		device_print_element(call, device);
		return 0;
	}
	xml = xml_element_string(device);
	return device_change(call, DEVICE_DETACH, xml, NULL, err);
}

// The definition where only that is meant.
static unsigned xml_flags(struct call *call)
{
	bool config = argument_flag(call, "config") || argument_flag(call, "persistent");

	return config && !argument_flag(call, "live") ? VIR_DOMAIN_XML_INACTIVE : 0;
}

static int detach_disk(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "target");
	auto_xml struct xml *xml = definition_xml_verbatim(call_domain(call), xml_flags(call), err);
	struct xml_element *disk = xml ? device_disk(xml, name) : NULL;

	if (!xml)
		return -1;
	if (!disk)
		return error_set(err, STATUS_NOT_FOUND,
				 "domain '%s' has no disk whose target or source is '%s'",
				 call_name(call), name);
	path_remove(disk, "backingStore"); // the chain is no part of what is meant
	return detach(call, disk, err);
}

const struct command detach_disk_command = {
	.name = "detach-disk",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that loses the disk"),
					   NEEDED("target", domain_disks,
						  "disk, by its target such as vdb or its source"),
					   DEVICE_OPTIONS, PRINT_XML, END},
	.rules = device_rules,
	.results = device_results,
	.run = detach_disk,
	ACTION(.failed = "Failed to detach disk", .done = "Disk detached successfully"),
	.summary = "detach a disk from a guest",
};

// The one interface that is meant, lent; NULL with the error set.
static const struct xml_element *find_interface(struct call *call, const struct xml *xml,
						struct error *err)
{
	const char *type = argument_text(call, "type"), *mac = argument_text(call, "mac");
	const struct xml_element *devices = device_list(xml), *found = NULL;
	int count = 0;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *its_type = path_get(i, "@type");
		auto_free char *its_mac = path_get(i, "mac/@address");

		if (!text_equal(its_type, type) ||
		    (mac && (!its_mac || strcasecmp(its_mac, mac) != 0)))
			continue;
		found = i;
		count++;
	}
	if (count == 1)
		return found;
	if (count == 0)
		error_set(err, STATUS_NOT_FOUND, "domain '%s' has no interface of type %s%s%s",
			  call_name(call), type, mac ? " with the MAC address " : "",
			  mac ? mac : "");
	else if (mac)
		error_set(err, STATUS_CONFLICT,
			  "domain '%s' has %d interfaces with the MAC address %s; detach-device "
			  "takes one by its PCI address",
			  call_name(call), count, mac);
	else
		error_set(err, STATUS_CONFLICT,
			  "domain '%s' has %d interfaces of type %s; --mac names one",
			  call_name(call), count, type);
	return NULL;
}

static int detach_interface(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml_verbatim(call_domain(call), xml_flags(call), err);
	const struct xml_element *interface = xml ? find_interface(call, xml, err) : NULL;

	return interface ? detach(call, interface, err) : -1;
}

const struct command detach_interface_command = {
	.name = "detach-interface",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(0, "guest that loses the interface"),
					NEEDED("type", NULL, "its type, such as network or bridge"),
					TEXT("mac", domain_interface_addresses, "its MAC address"),
					DEVICE_OPTIONS, PRINT_XML, END},
	.rules = device_rules,
	.results = device_results,
	.run = detach_interface,
	ACTION(.failed = "Failed to detach interface", .done = "Interface detached successfully"),
	.summary = "detach a network interface from a guest",
};
