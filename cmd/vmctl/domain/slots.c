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
#include "virt/definition.h"
#include "xml/document.h"
#include "xml/path.h"

enum { SLOTS = 32 }; // of a conventional bus, whose slot 0 is its bridge's

// What a guest has for PCI devices that are plugged in while it runs.
struct room {
	bool express; // its root is PCI Express, whose devices need a port each
	int ports, free_ports;
	int free_slots; // of bridges, where conventional devices go
};

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

// A number of the device's address, which is hexadecimal, where that is one of PCI; else -1.
static long place_of(const struct xml_element *device, const char *path)
{
	auto_free char *type = path_get(device, "address/@type");
	auto_free char *number = path_get(device, path);

	return text_equal(type, "pci") && number ? strtol(number, NULL, 0) : -1;
}

// How many slots from FIRST on are free on BUS.
static int free_slots(const struct xml_element *devices, long bus, int first)
{
	bool used[SLOTS] = {false};
	int count = 0;

	for (struct xml_element *d = xml_child(devices, NULL); d; d = xml_next(d, NULL)) {
		long slot = place_of(d, "address/@slot");

		if (place_of(d, "address/@bus") == bus && slot >= 0 && slot < SLOTS)
			used[slot] = true;
	}
	for (int i = first; i < SLOTS; i++)
		count += !used[i];
	return count;
}

static struct room room_of(const struct xml_element *devices)
{
	struct room room = {0};

	for (struct xml_element *c = xml_child(devices, "controller"); c;
	     c = xml_next(c, "controller")) {
		auto_free char *model = path_get(c, "@model"), *index = path_get(c, "@index");
		long bus = index ? strtol(index, NULL, 10) : -1;

		room.express = room.express || text_equal(model, "pcie-root");
		// Slot 1 of i440FX is its south bridge's, and slot 2 kept for a graphics card.
		if (is_bridge(model))
			room.free_slots +=
				free_slots(devices, bus, text_equal(model, "pci-root") ? 3 : 1);
		if (!is_port(model))
			continue;
		room.ports++;
		room.free_ports += free_slots(devices, bus, 0) == SLOTS;
	}
	return room;
}

// Whether DEVICE, in XML, is older than PCI Express, so that it fits no port; its model is then
// *MODEL, the caller's.
static bool is_conventional(const char *device, char **model)
{
	static const char *const models[] = {"rtl8139",  "e1000",    "ne2k_pci",
					     "pcnet",    "i82551",   "i82557b",
					     "i82559er", "i6300esb", "virtio-transitional",
					     "lsilogic", NULL};
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = xml_parse(device, "the device", &ignored);

	*model = xml ? path_get(xml_root(xml), "model/@type") : NULL;
	if (xml && !*model)
		*model = path_get(xml_root(xml), "@model");
	for (const char *const *m = models; *m; m++)
		if (text_equal(*m, *model))
			return true;
	return false;
}

static bool has_option(struct call *call, const char *name)
{
	return option_find(call->command->options, name, &(const char *){NULL});
}

static bool is_about_now(const char *option)
{
	static const char *const names[] = {"live",      "current", "config", "persistent",
					    "no-define", "update",  NULL};

	for (const char *const *n = names; *n; n++)
		if (text_equal(*n, option))
			return true;
	return false;
}

// The command as it was typed, but for the next boot; the caller's.
static char *for_next_boot(struct call *call)
{
	struct text text = {0};

	text_append_format(&text, "$vmctl %s", call->command->name);
	for (const struct option *o = call->command->options; o->kind != OPTION_END; o++) {
		const struct argument *argument = arguments_row(call->arguments, o);
		const char *value;

		if (!argument->given || is_about_now(o->name))
			continue;
		value = option_takes_value(o) ? argument->values.items[0] : NULL;
		if (!value)
			text_append_format(&text, " --%s", o->name);
		else if (o->traits & REQUIRED && *value != '-')
			advice_append(&text, " '%s'", value);
		else
			advice_append(&text, " --%s '%s'", o->name, value);
	}
	if (has_option(call, "config"))
		text_append(&text, " --config");
	return text_take(&text);
}

// What a guest lacks for a device like MODEL, CONVENTIONAL or not; the caller's.
static char *lack(const struct room *room, bool conventional, const char *model)
{
	if (room->express && conventional)
		return advice(
			"'%s' is older than PCI Express and fits none of the guest's %d ports%s",
			model, room->ports,
			room->free_ports ? ": its virtio or Express model would" : "");
	if (room->express)
		return advice("all %d PCI ports of the guest are taken", room->ports);
	return advice("all PCI slots of the guest are taken");
}

int slots_hint(struct call *call, const char *device, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = NULL;
	auto_free char *again = NULL, *model = NULL, *lacking = NULL;
	bool conventional = is_conventional(device, &model);
	const char *more = conventional ? "pcie-to-pci-bridge" : "pcie-root-port";
	struct room room;

	if (err->code != VIR_ERR_INTERNAL_ERROR || virDomainIsActive(domain) != 1)
		return -1;
	xml = definition_xml(domain, 0, &ignored);
	if (!xml)
		return -1;
	room = room_of(device_list(xml));
	if (room.express && !conventional ? room.free_ports : room.free_slots)
		return -1;
	if (!room.express)
		more = "pci-bridge";
	lacking = lack(&room, conventional, model);
	if (virDomainIsPersistent(domain) == 0)
		return error_hint(err,
				  "%s, and it has no definition for a next boot: <controller "
				  "type='pci' model='%s'/> belongs into the XML that it is created "
				  "from",
				  lacking, more);
	again = for_next_boot(call);
	return error_hint(err,
			  "%s; %s adds it for the next boot, $vmctl modify --add-device "
			  "--controller type=pci,model=%s -- '%s' a free place for another time",
			  lacking, again, more, virDomainGetName(domain));
}
