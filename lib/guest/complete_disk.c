// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of disks: type, bus, target, driver.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *default_bus(const struct guest *guest, const char *device)
{
	bool disk = text_equal(device, "disk") || text_equal(device, "lun");

	if (text_equal(device, "floppy"))
		return "fdc";
	if (!complete_is_hvm(guest) && text_equal(guest->host->scheme, "xen"))
		return "xen";
	if (!complete_is_hvm(guest))
		return "ide";
	if (disk && complete_virtio(guest, OS_VIRTIO_BLOCK))
		return "virtio";
	if ((complete_is_pcie(guest) && complete_is_x86(guest)) ||
	    text_equal(guest->host->scheme, "bhyve"))
		return "sata";
	if (complete_is_x86(guest))
		return "ide";
	if (text_equal(device, "cdrom") && complete_virtio(guest, OS_VIRTIO_SCSI))
		return "scsi";
	if (complete_arch_is(guest, "armv7") && complete_machine_is(guest, "vexpress"))
		return "sd";
	return "usb";
}

// The beginning of a target's name on a bus, and how many there can be.
static const struct place {
	const char *bus, *prefix;
	int most;
} places[] = {
	{"virtio", "vd", 702}, {"xen", "xvd", 702}, {"fdc", "fd", 2},
	{"ide", "hd", 4},      {"sd", "sd", 702},   {"scsi", "sd", 702},
	{"sata", "sd", 702},   {"usb", "sd", 702},  {"nvme", "nvme", 702},
};

// "vda" ... "vdz", "vdaa" ...
static char *target_name(const char *prefix, int number)
{
	if (number < 26)
		return text_format("%s%c", prefix, 'a' + number);
	return text_format("%s%c%c", prefix, 'a' + number / 26 - 1, 'a' + number % 26);
}

static void list_targets(const struct guest *guest, struct list *taken)
{
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d; d = xml_next(d, "disk"))
		if (path_has(d, "target/@dev"))
			list_add_owned(taken, path_get(d, "target/@dev"));
}

// The number behind the last of this kind that has a name.
static int behind_last(const struct place *place, const struct list *taken)
{
	int number = 0;

	for (int i = 0; i < place->most; i++) {
		auto_free char *target = target_name(place->prefix, i);

		if (list_has(taken, target))
			number = i + 1;
	}
	return number;
}

static int set_target(struct xml_element *disk, struct list *taken, struct error *err)
{
	auto_free char *bus = path_get(disk, "target/@bus");
	const struct place *place = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (text_equal(places[i].bus, bus))
			place = &places[i];
	if (!place)
		return error_set(err, STATUS_USAGE, "--disk: the bus '%s' is not known", bus);
	// Behind the last of its kind, as disks are seen in that order; else where there is room.
	for (int i = behind_last(place, taken); i < 2 * place->most; i++) {
		auto_free char *target = target_name(place->prefix, i % place->most);

		if (list_has(taken, target))
			continue;
		path_set(disk, "target/@dev", target);
		list_add(taken, target);
		return 0;
	}
	return error_set(err, STATUS_USAGE,
			 "Only %d disks for bus '%s' are supported, there are more", place->most,
			 bus);
}

static void set_type(struct xml_element *disk, const struct disk_wish *wish)
{
	auto_disk_source struct disk_source source = {0};

	disk_source_read(disk, &source);
	if (!path_has(disk, "@type"))
		path_set(disk, "@type",
			 wish && wish->block ? "block"
			 : source.type       ? source.type
					     : "file");
}

// What a device of the host has that is no file: no second cache, and what the guest frees is
// freed.
static void set_block_driver(struct xml_element *disk)
{
	auto_free char *device = path_get(disk, "@device");

	if (!text_equal(device, "disk"))
		return;
	complete_default(disk, "driver/@cache", "none");
	complete_default(disk, "driver/@io", "native");
	complete_default(disk, "driver/@discard", "unmap");
}

static void set_driver(const struct guest *guest, struct xml_element *disk,
		       const struct disk_wish *wish)
{
	auto_free char *type = path_get(disk, "@type");
	bool known = wish && wish->format;

	bool xen = text_equal(guest->host->scheme, "xen");

	if (!path_find(disk, "source") || text_equal(type, "nvme") ||
	    (!complete_is_qemu(guest) && !xen))
		return;
	complete_default(disk, "driver/@name", xen && wish && wish->block ? "phy" : "qemu");
	if (xen && wish && wish->block)
		return;
	if (known)
		complete_default(disk, "driver/@type", wish->format);
	if (wish && wish->size && wish->sparse && !wish->block && text_equal(type, "file"))
		complete_default(disk, "driver/@discard", "unmap");
	if (wish && wish->block)
		set_block_driver(disk);
}

static void complete_disk(struct guest *guest, struct xml_element *disk)
{
	const struct disk_wish *wish = NULL;
	auto_free char *device = NULL;

	for (size_t i = 0; i < guest->wish_count; i++)
		if (guest->wishes[i].element == disk)
			wish = &guest->wishes[i];
	complete_default(disk, "@device", "disk");
	device = path_get(disk, "@device");
	set_type(disk, wish);
	set_driver(guest, disk, wish);
	complete_default(disk, "target/@bus", default_bus(guest, device));
	if (text_equal(device, "cdrom"))
		path_create(disk, "readonly");
}

int complete_one_disk(struct guest *guest, struct xml_element *disk, struct error *err)
{
	auto_list struct list taken = {0};

	complete_disk(guest, disk);
	list_targets(guest, &taken);
	return path_has(disk, "target/@dev") ? 0 : set_target(disk, &taken, err);
}

int complete_disks(struct guest *guest, struct error *err)
{
	auto_list struct list taken = {0};

	for (struct xml_element *d = xml_child(guest->devices, "disk"); d; d = xml_next(d, "disk"))
		complete_disk(guest, d);
	// Names that were asked for first, then the others around them.
	list_targets(guest, &taken);
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d; d = xml_next(d, "disk"))
		if (!path_has(d, "target/@dev") && set_target(d, &taken, err) < 0)
			return -1;
	return 0;
}
