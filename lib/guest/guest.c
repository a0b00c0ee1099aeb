// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/guest.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "guest/tables.h"
#include "xml/document.h"
#include "xml/path.h"

struct guest *guest_new(const struct host *host)
{
	struct guest *guest = memory_new(1, sizeof(*guest));

	guest->host = host;
	guest->xml = xml_new("domain");
	guest->domain = xml_root(guest->xml);
	guest->devices = xml_append(guest->domain, "devices");
	return guest;
}

static void disk_clear(struct guest_disk *disk)
{
	free(disk->path);
	free(disk->pool);
	free(disk->volume);
	free(disk->format);
	free(disk->backing_store);
	free(disk->backing_format);
}

void guest_free(struct guest *guest)
{
	if (!guest)
		return;
	for (size_t i = 0; i < guest->disk_count; i++)
		disk_clear(&guest->disks[i]);
	free(guest->disks);
	free(guest->install_kernel);
	free(guest->install_initrd);
	free(guest->install_arguments);
	list_clear(&guest->boot_devices);
	list_clear(&guest->warnings);
	xml_free(guest->xml);
	free(guest);
}

void guest_cleanup(struct guest **guest)
{
	guest_free(*guest);
}

// The order in which libvirt's documentation, and libvirt itself, writes the elements.
static const char *const domain_order[] = {
	"name",
	"uuid",
	"title",
	"description",
	"metadata",
	"maxMemory",
	"memory",
	"currentMemory",
	"memoryBacking",
	"vcpu",
	"vcpus",
	"bootloader",
	"bootloader_args",
	"os",
	"features",
	"cpu",
	"clock",
	"on_poweroff",
	"on_reboot",
	"on_crash",
	"pm",
	"devices",
	NULL,
};

static const char *const device_order[] = {
	"emulator", "disk",  "controller", "interface", "serial", "console",    "channel", "input",
	"graphics", "sound", "video",      "redirdev",  "tpm",    "memballoon", "rng",     NULL,
};

// The first of two disks, or the only one, that the guest is installed from.
static struct guest_disk *install_disk(const struct guest *guest)
{
	for (size_t i = 0; i < guest->disk_count; i++)
		if (guest->disks[i].installs)
			return &guest->disks[i];
	return NULL;
}

// The same disk in a copy of the guest's devices; NULL where DISK is NULL.
static struct xml_element *drive_in(const struct xml_element *devices,
				    const struct guest_disk *disk)
{
	auto_free char *target = disk ? path_get(disk->element, "target/@dev") : NULL;

	for (struct xml_element *d = xml_child(devices, "disk"); target && d;
	     d = xml_next(d, "disk")) {
		auto_free char *own = path_get(d, "target/@dev");

		if (text_equal(own, target))
			return d;
	}
	return NULL;
}

static void shift_boot_orders(struct xml_element *devices, const char *name)
{
	for (struct xml_element *d = xml_child(devices, name); d; d = xml_next(d, name)) {
		auto_free char *order = path_get(d, "boot/@order");
		auto_free char *later =
			order ? text_format("%d", (int)strtol(order, NULL, 10) + 1) : NULL;

		if (later)
			path_set(d, "boot/@order", later);
	}
}

// What differs while the guest is being installed: it ends when the installer reboots, and it boots
// from where the installer is.
static void prepare_install(const struct guest *guest, struct xml_element *domain)
{
	struct xml_element *devices = xml_child(domain, "devices"), *first = NULL;

	path_set(domain, "on_reboot", "destroy");
	if (guest->install == INSTALL_TREE) {
		path_set(domain, "os/kernel", guest->install_kernel);
		path_set(domain, "os/initrd", guest->install_initrd);
		if (guest->install_arguments)
			path_set(domain, "os/cmdline", guest->install_arguments);
		path_remove(domain, "os/loader");
		return;
	}
	shift_boot_orders(devices, "disk");
	shift_boot_orders(devices, "interface");
	first = guest->install == INSTALL_NETWORK ? xml_child(devices, "interface")
						  : drive_in(devices, install_disk(guest));
	if (first)
		path_set(first, "boot/@order", "1");
}

// Once installed the drive stays, its medium goes.
static void empty_install_drive(const struct guest *guest, struct xml_element *domain)
{
	struct xml_element *drive = drive_in(xml_child(domain, "devices"), install_disk(guest));

	if (drive) {
		path_remove(drive, "source");
		path_remove(drive, "driver/@type");
	}
}

char *guest_xml(const struct guest *guest, bool installing)
{
	auto_xml struct xml *copy = xml_copy(guest->xml);
	struct xml_element *domain = xml_root(copy);

	if (installing && guest->install != INSTALL_NONE)
		prepare_install(guest, domain);
	else if (guest->install == INSTALL_MEDIA)
		empty_install_drive(guest, domain);
	xml_order_children(domain, domain_order);
	xml_order_children(xml_child(domain, "devices"), device_order);
	return xml_string(copy);
}

const struct suboption_table *guest_suboptions(const char *option)
{
	static const struct suboption_table *const tables[] = {
		&disk_table,   &network_table, &graphics_table, &serial_table, &console_table,
		&memory_table, &vcpus_table,   &cpu_table,      &boot_table,
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (text_equal(tables[i]->option + 2, option))
			return tables[i];
	return NULL;
}
