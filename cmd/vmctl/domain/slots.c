// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/slots.h"

#include <libvirt/virterror.h>
#include <stdbool.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "xml/document.h"
#include "xml/path.h"

enum { SLOTS = 31 }; // of a conventional bus, whose slot 0 is its bridge's

static bool is_port(const char *model)
{
	return text_equal(model, "pcie-root-port") ||
	       text_equal(model, "pcie-switch-downstream-port");
}

static bool is_bridge(const char *model)
{
	return text_equal(model, "pci-root") || text_equal(model, "pci-bridge") ||
	       text_equal(model, "pcie-to-pci-bridge");
}

// The bus of a device, or -1; its number is hexadecimal.
static long bus_of(const struct xml_element *device)
{
	auto_free char *type = path_get(device, "address/@type");
	auto_free char *bus = path_get(device, "address/@bus");

	return text_equal(type, "pci") && bus ? strtol(bus, NULL, 0) : -1;
}

// How many devices are on BUS; one of several functions counts for each.
static int devices_on(const struct xml_element *devices, long bus)
{
	int count = 0;

	for (struct xml_element *d = xml_child(devices, NULL); d; d = xml_next(d, NULL))
		count += bus_of(d) == bus;
	return count;
}

// Network cards that are older than PCI Express; they fit no port.
static bool is_conventional(const char *model)
{
	static const char *const models[] = {"rtl8139", "e1000",   "ne2k_pci", "pcnet",
					     "i82551",  "i82557b", "i82559er", NULL};

	for (const char *const *m = models; *m; m++)
		if (text_equal(*m, model))
			return true;
	return false;
}

// Whether a guest with these devices has a place left. Express devices need a port, which the
// guest has where its root is Express; CONVENTIONAL ones take a slot of a bridge.
static bool has_place(const struct xml_element *devices, bool conventional)
{
	bool express = false, port = false, slot = false;

	for (struct xml_element *c = xml_child(devices, "controller"); c;
	     c = xml_next(c, "controller")) {
		auto_free char *model = path_get(c, "@model"), *index = path_get(c, "@index");
		long bus = index ? strtol(index, NULL, 10) : -1;

		express = express || text_equal(model, "pcie-root");
		port = port || (is_port(model) && devices_on(devices, bus) == 0);
		slot = slot || (is_bridge(model) && devices_on(devices, bus) < SLOTS - 2);
	}
	return express && !conventional ? port : slot;
}

// The command as it was typed, but for the next boot; the caller's.
static char *for_next_boot(struct call *call)
{
	struct text text = {0};

	text_append_format(&text, "$vmctl %s", call->command->name);
	for (const struct option *o = call->command->options; o->kind != OPTION_END; o++) {
		const struct argument *argument = arguments_row(call->arguments, o);
		const char *value;

		if (!argument->given || text_equal(o->name, "live") ||
		    text_equal(o->name, "persistent") || text_equal(o->name, "config"))
			continue;
		value = option_takes_value(o) ? argument->values.items[0] : NULL;
		if (!value)
			text_append_format(&text, " --%s", o->name);
		else if (o->traits & REQUIRED && *value != '-')
			advice_append(&text, " '%s'", value);
		else
			advice_append(&text, " --%s '%s'", o->name, value);
	}
	text_append(&text, " --config");
	return text_take(&text);
}

// The value of an option that not all commands have.
static const char *option_of(struct call *call, const char *name)
{
	return option_find(call->command->options, name, &(const char *){NULL})
		       ? argument_text(call, name)
		       : NULL;
}

int slots_hint(struct call *call, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = NULL;
	auto_free char *again = NULL;
	const char *model = option_of(call, "model");
	bool conventional = is_conventional(model);

	if (err->code != VIR_ERR_INTERNAL_ERROR || virDomainIsActive(call_domain(call)) != 1)
		return -1;
	xml = device_xml(call_domain(call), 0, &ignored);
	if (!xml || has_place(device_list(xml), conventional))
		return -1;
	again = for_next_boot(call);
	if (conventional && has_place(device_list(xml), false))
		return error_hint(
			err,
			"'%s' is older than PCI Express and fits none of the guest's ports: "
			"--model virtio or e1000e does; %s gives it a bridge at its next "
			"start",
			model, again);
	return error_hint(err,
			  "the guest has no free PCI slot while it runs; %s gives it one at "
			  "its next start",
			  again);
}
