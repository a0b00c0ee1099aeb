// SPDX-License-Identifier: GPL-3.0-or-later
// Files and devices of its host that a guest's own devices stand on.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct place {
	const char *device, *type; // of that type only; NULL: of any
	const char *path;          // where it names the file
	const char *what;
	bool made; // the file is made at the start: its directory must be there
} places[] = {
	{"rng", NULL, "backend", "source of random numbers", false},
	{"input", NULL, "source/@dev", "input device", false},
	{"graphics", NULL, "gl/@rendernode", "graphics card", false},
	{"serial", "dev", "source/@path", "serial line", false},
	{"parallel", "dev", "source/@path", "parallel port", false},
	{"serial", "file", "source/@path", "file for its serial line", true},
	{"parallel", "file", "source/@path", "file for its parallel port", true},
	{"channel", "file", "source/@path", "file for its channel", true},
	{"serial", NULL, "log/@file", "log of its serial line", true},
};

static void look(struct why *why, const struct place *place, const struct xml_element *device)
{
	auto_free char *type = path_get(device, "@type"), *path = path_get(device, place->path);
	auto_free char *directory = path ? file_directory(path) : NULL, *mend = NULL;
	const char *needed = place->made ? directory : path;

	if (!path || *path != '/' || (place->type && !text_equal(type, place->type)) ||
	    root_exists(&why->host.root, needed))
		return;
	why_say(why, WHY_CAUSE,
		place->made ? "the directory of the %s, %s, does not exist"
			    : "its %s %s does not exist",
		place->what, needed);
	why_seen(why, "<%s> of its definition, and the file system", place->device);
	mend = text_format("change <%s>", place->device);
	if (place->made)
		why_mend(why, "mkdir -p '%s'", directory);
	else
		why_edit(why, mend);
}

static void device_files(struct why *why)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		for (struct xml_element *d = xml_child(why->devices, places[i].device); d;
		     d = xml_next(d, places[i].device))
			look(why, &places[i], d);
}

static void vsock(struct why *why)
{
	static const char device[] = "/dev/vhost-vsock";

	if (!xml_child(why->devices, "vsock") || root_exists(&why->host.root, device))
		return;
	why_say(why, WHY_CAUSE, "its vsock needs %s, which is not there", device);
	why_seen(why, "<vsock> of its definition, and the file system");
	why_mend(why, "modprobe vhost_vsock");
}

// Whether a file of the USB device NAME holds the number that its definition names at PATH, in
// BASE.
static bool agrees(struct why *why, const struct xml_element *device, const char *path,
		   const char *name, const char *file, int base)
{
	auto_free char *wanted = path_get(device, path);
	auto_free char *at = text_format("/sys/bus/usb/devices/%s/%s", name, file);
	auto_free char *is = root_line(&why->host.root, at);

	// Behind "0x", where it has that, is what the kernel writes.
	return !wanted || (is && strtoul(wanted, NULL, 0) == strtoul(is, NULL, base));
}

static bool is_plugged(struct why *why, const struct xml_element *device)
{
	auto_list struct list names = root_names(&why->host.root, "/sys/bus/usb/devices");

	for (size_t i = 0; i < names.count; i++)
		if (agrees(why, device, "source/vendor/@id", names.items[i], "idVendor", 16) &&
		    agrees(why, device, "source/product/@id", names.items[i], "idProduct", 16) &&
		    agrees(why, device, "source/address/@bus", names.items[i], "busnum", 10) &&
		    agrees(why, device, "source/address/@device", names.items[i], "devnum", 10))
			return true;
	return false;
}

static void usb(struct why *why)
{
	for (struct xml_element *d = xml_child(why->devices, "hostdev"); d;
	     d = xml_next(d, "hostdev")) {
		auto_free char *type = path_get(d, "@type"), *vendor = NULL, *product = NULL;
		auto_free char *policy = path_get(d, "source/@startupPolicy");

		if (!text_equal(type, "usb") || text_equal(policy, "optional") ||
		    is_plugged(why, d))
			continue;
		vendor = path_get(d, "source/vendor/@id");
		product = path_get(d, "source/product/@id");
		if (vendor && product)
			why_say(why, WHY_CAUSE, "the USB device %s:%s is not plugged in", vendor,
				product);
		else
			why_say(why, WHY_CAUSE, "one of its USB devices is not plugged in");
		why_seen(why, "<hostdev> of its definition, and /sys/bus/usb/devices");
		why_edit(why, "plug it in, or <source startupPolicy='optional'> to start without");
	}
}

const struct why_check why_file_checks[] = {
	{"device_files", WHY_START, true, device_files},
	{"vsock", WHY_START, true, vsock},
	{"usb", WHY_START, true, usb},
	{NULL, 0, false, NULL},
};
