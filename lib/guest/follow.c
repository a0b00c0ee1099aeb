// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

struct follow follow_begin(const struct xml_element *element)
{
	return (struct follow){.boot_order = path_get(element, "boot/@order"),
			       .type = path_get(element, "@type")};
}

void follow_clear(struct follow *follow)
{
	free(follow->boot_order);
	free(follow->type);
}

static int order_of(const struct xml_element *device)
{
	auto_free char *order = path_get(device, "boot/@order");

	return order ? (int)strtol(order, NULL, 10) : 0;
}

static struct xml_element *with_order(struct guest *guest, int order,
				      const struct xml_element *other)
{
	for (struct xml_element *d = xml_child(guest->devices, NULL); d; d = xml_next(d, NULL))
		if (d != other && order_of(d) == order)
			return d;
	return NULL;
}

// Those that come behind move on, up to a number that is free. Kinds of devices to boot from and an
// order of devices exclude each other.
static void make_room(struct guest *guest, struct xml_element *device)
{
	struct xml_element *moved = device, *next;

	path_remove_all(guest->domain, "os/boot");
	for (int order = order_of(device); (next = with_order(guest, order, moved)); order++) {
		auto_free char *number = text_format("%d", order + 1);

		path_set(next, "boot/@order", number);
		moved = next;
	}
}

void follow_edit(const struct follow *follow, struct guest *guest, struct xml_element *element)
{
	auto_free char *order = path_get(element, "boot/@order");
	auto_free char *type = path_get(element, "@type");

	if (order && !text_equal(order, follow->boot_order))
		make_room(guest, element);
	if (!text_equal(xml_name(element), "graphics") || text_equal(type, follow->type))
		return;
	if (text_equal(type, "spice") && guest->host)
		complete_spice_extras(guest);
	else
		follow_graphics(guest);
}

void follow_addition(struct guest *guest, struct xml_element *element)
{
	if (path_has(element, "boot/@order"))
		make_room(guest, element);
}

void follow_removal(struct guest *guest, struct xml_element *element)
{
	struct xml_element *console = xml_child(guest->devices, "console");
	auto_free char *type = path_get(element, "@type");
	auto_free char *same = console ? path_get(console, "@type") : NULL;
	auto_free char *target = console ? path_get(console, "target/@type") : NULL;

	if (text_equal(xml_name(element), "serial") && same && text_equal(type, same) &&
	    (!target || text_equal(target, "serial")))
		xml_remove(console);
}

static const struct {
	const char *name, *type;
} spice_devices[] = {
	{"audio", "spice"},      {"channel", "spicevmc"},  {"redirdev", "spicevmc"},
	{"serial", "spiceport"}, {"console", "spiceport"},
};

void follow_without_spice(struct guest *guest)
{
	for (size_t i = 0; i < sizeof(spice_devices) / sizeof(*spice_devices); i++) {
		auto_free char *path =
			text_format("%s[@type='%s']", spice_devices[i].name, spice_devices[i].type);

		path_remove_all(guest->devices, path);
	}
}

void follow_graphics(struct guest *guest)
{
	if (!path_find(guest->devices, "graphics[@type='spice']"))
		follow_without_spice(guest);
}

// A file and a block device stand at different places; other kinds are as the options say.
static void fit_type(struct xml_element *disk, bool block)
{
	auto_disk_source struct disk_source source = {0};
	const char *type = block ? "block" : "file";

	disk_source_read(disk, &source);
	if (source.path && !text_equal(source.type, type) &&
	    (text_equal(source.type, "file") || text_equal(source.type, "block")))
		disk_source_set(disk, source.path, type);
}

void follow_source(struct guest *guest, struct xml_element *disk)
{
	for (size_t i = 0; i < guest->wish_count; i++) {
		const struct disk_wish *wish = &guest->wishes[i];

		if (wish->element != disk || !wish->resolved || !wish->format)
			continue;
		fit_type(disk, wish->block);
		if (!wish->told && path_has(disk, "driver/@type"))
			path_set(disk, "driver/@type", wish->format);
	}
}

static void choose_boot(struct guest *guest)
{
	bool ordered = false;

	if (!guest->boot_devices.count)
		return;
	path_remove_all(guest->domain, "os/boot");
	for (struct xml_element *d = xml_child(guest->devices, NULL); d; d = xml_next(d, NULL)) {
		ordered = ordered || order_of(d);
		path_clear(d, "boot/@order");
	}
	// As the guest had it: single devices in an order, or kinds of them.
	for (size_t i = 0; i < guest->boot_devices.count; i++) {
		auto_free char *path = text_format("os/boot[%zu]/@dev", i + 1);

		path_set(guest->domain, path, guest->boot_devices.items[i]);
	}
	if (ordered)
		complete_order_kinds(guest->domain);
}

int follow_choices(struct guest *guest, struct error *err)
{
	choose_boot(guest);
	if (guest->wants_uefi && complete_firmware(guest, err) < 0)
		return -1;
	complete_chosen_cpu(guest);
	return 0;
}
