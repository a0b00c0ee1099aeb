// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of disks: bus, target, driver.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *default_bus(const struct guest *guest, const char *device)
{
	bool cdrom = text_equal(device, "cdrom");

	if (text_equal(device, "floppy"))
		return "fdc";
	if (!cdrom && complete_virtio(guest, OS_VIRTIO_BLOCK))
		return "virtio";
	if (complete_is_pcie(guest) && complete_is_x86(guest))
		return "sata";
	if (complete_is_x86(guest))
		return "ide";
	if (cdrom && complete_virtio(guest, OS_VIRTIO_SCSI))
		return "scsi";
	return "usb";
}

// The beginning of a target's name on a bus, and how many there can be.
static const struct place {
	const char *bus, *prefix;
	int most;
} places[] = {
	{"virtio", "vd", 1024}, {"xen", "xvd", 1024}, {"fdc", "fd", 2},
	{"ide", "hd", 4},       {"sd", "sd", 1024},   {"scsi", "sd", 1024},
	{"sata", "sd", 1024},   {"usb", "sd", 1024},  {"nvme", "nvme", 1024},
};

// "vda" ... "vdz", "vdaa" ...
static char *target_name(const char *prefix, int number)
{
	if (number < 26)
		return text_format("%s%c", prefix, 'a' + number);
	return text_format("%s%c%c", prefix, 'a' + number / 26 - 1, 'a' + number % 26);
}

static bool is_taken(const struct guest *guest, const char *target)
{
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d;
	     d = xml_next(d, "disk")) {
		auto_free char *other = path_get(d, "target/@dev");

		if (text_equal(other, target))
			return true;
	}
	return false;
}

static int set_target(struct guest *guest, struct xml_element *disk, struct error *err)
{
	auto_free char *bus = path_get(disk, "target/@bus");
	const struct place *place = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (text_equal(places[i].bus, bus))
			place = &places[i];
	if (!place)
		return error_set(err, STATUS_USAGE, "--disk: the bus '%s' is not known", bus);
	for (int i = 0; i < place->most && i < 26 * 27; i++) {
		auto_free char *target = target_name(place->prefix, i);

		if (is_taken(guest, target))
			continue;
		path_set(disk, "target/@dev", target);
		return 0;
	}
	return error_set(err, STATUS_USAGE, "--disk: the bus %s has room for %d disks only", bus,
			 place->most);
}

// Where libvirt finds the disk: what the options name, unless they said it in XML terms themselves.
static void set_source(const struct guest_disk *disk)
{
	struct xml_element *element = disk->element;

	if (path_has(element, "@type"))
		return;
	if (disk->pool && disk->volume && !disk->path) {
		path_set(element, "@type", "volume");
		path_set(element, "source/@pool", disk->pool);
		path_set(element, "source/@volume", disk->volume);
	} else if (path_has(element, "source/@pool")) {
		path_set(element, "@type", "volume");
	} else if (path_has(element, "source/@protocol")) {
		path_set(element, "@type", "network");
	} else if (path_has(element, "source/@dev") || disk->block) {
		path_set(element, "@type", "block");
	} else {
		path_set(element, "@type", "file");
	}
	if (disk->path)
		path_set(element, disk->block ? "source/@dev" : "source/@file", disk->path);
}

static void set_driver(const struct guest *guest, const struct guest_disk *disk)
{
	struct xml_element *element = disk->element;
	bool has_source = path_find(element, "source") != NULL;

	if (!complete_is_qemu(guest))
		return;
	if (!path_has(element, "driver/@name"))
		path_set(element, "driver/@name", "qemu");
	if (!path_has(element, "driver/@type") && has_source)
		path_set(element, "driver/@type", disk->format ? disk->format : "raw");
	if (disk->size && disk->sparse && !disk->block && !path_has(element, "driver/@discard"))
		path_set(element, "driver/@discard", "unmap");
	if (!disk->block)
		return;
	// A device needs no second cache in the host; both also let a guest move elsewhere.
	if (!path_has(element, "driver/@cache"))
		path_set(element, "driver/@cache", "none");
	if (!path_has(element, "driver/@io"))
		path_set(element, "driver/@io", "native");
	if (!path_has(element, "driver/@discard"))
		path_set(element, "driver/@discard", "unmap");
}

int complete_disks(struct guest *guest, struct error *err)
{
	for (size_t i = 0; i < guest->disk_count; i++) {
		struct guest_disk *disk = &guest->disks[i];
		auto_free char *device = NULL;

		if (!path_has(disk->element, "@device"))
			path_set(disk->element, "@device", "disk");
		device = path_get(disk->element, "@device");
		set_source(disk);
		set_driver(guest, disk);
		if (!path_has(disk->element, "target/@bus"))
			path_set(disk->element, "target/@bus", default_bus(guest, device));
		if (text_equal(device, "cdrom"))
			path_create(disk->element, "readonly");
	}
	// Names that were asked for first, then the others around them.
	for (size_t i = 0; i < guest->disk_count; i++)
		if (!path_has(guest->disks[i].element, "target/@dev") &&
		    set_target(guest, guest->disks[i].element, err) < 0)
			return -1;
	return 0;
}
