// SPDX-License-Identifier: GPL-3.0-or-later
// A guest's XML while it is installed, and for good: the same XML with a few edits each.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/os.h"
#include "xml/document.h"
#include "xml/path.h"

// The same device in a copy of the guest: of its name and at the same place among them.
static struct xml_element *same_in(const struct guest *guest, struct xml_element *copy,
				   const struct xml_element *element)
{
	const char *name = xml_name(element);
	struct xml_element *own = xml_child(guest->devices, name);
	struct xml_element *other = xml_child(xml_child(copy, "devices"), name);

	while (own && other && own != element) {
		own = xml_next(own, name);
		other = xml_next(other, name);
	}
	return other;
}

static struct xml_element *install_drive(const struct guest *guest)
{
	for (size_t i = 0; i < guest->wish_count; i++)
		if (guest->wishes[i].installs)
			return guest->wishes[i].element;
	return NULL;
}

// What boots first while it is installed; NULL where a kernel is given.
static struct xml_element *first_device(const struct guest *guest)
{
	if (guest->install == INSTALL_NETWORK)
		return xml_child(guest->devices, "interface");
	if (guest->install == INSTALL_MEDIA)
		return install_drive(guest);
	return NULL;
}

static void shift_boot_orders(struct xml_element *devices)
{
	for (struct xml_element *d = xml_child(devices, NULL); d; d = xml_next(d, NULL)) {
		auto_free char *order = path_get(d, "boot/@order");
		auto_free char *later =
			order ? text_format("%d", (int)strtol(order, NULL, 10) + 1) : NULL;

		if (later)
			path_set(d, "boot/@order", later);
	}
}

static void boot_first(const struct guest *guest, struct xml_element *domain)
{
	struct xml_element *device = first_device(guest);
	struct xml_element *first = device ? same_in(guest, domain, device) : NULL;
	auto_free char *order = NULL;

	if (first && complete_orders_devices(guest))
		complete_order_kinds(domain);
	order = first ? path_get(first, "boot/@order") : NULL;
	if (path_has(domain, "os/boot")) {
		path_set(domain, "os/boot/@dev",
			 guest->install == INSTALL_NETWORK ? "network" : "cdrom");
		return;
	}
	if (!first || text_equal(order, "1"))
		return;
	shift_boot_orders(xml_child(domain, "devices"));
	path_set(first, "boot/@order", "1");
}

static void take_boot_orders(struct xml_element *domain)
{
	struct xml_element *devices = xml_child(domain, "devices");

	while (path_has(domain, "os/boot"))
		path_remove(domain, "os/boot");
	for (struct xml_element *d = xml_child(devices, NULL); d; d = xml_next(d, NULL))
		path_clear(d, "boot/@order");
}

static void set_tree(const struct guest *guest, struct xml_element *domain)
{
	path_set(domain, "os/kernel", guest->install_kernel);
	if (guest->install_initrd)
		path_set(domain, "os/initrd", guest->install_initrd);
	if (guest->install_arguments)
		path_set(domain, "os/cmdline", guest->install_arguments);
	take_boot_orders(domain);
}

static void set_kinds(const struct guest *guest, struct xml_element *domain)
{
	take_boot_orders(domain);
	for (size_t i = 0; i < guest->install_devices.count; i++) {
		auto_free char *path = text_format("os/boot[%zu]/@dev", i + 1);

		path_set(domain, path, guest->install_devices.items[i]);
	}
}

// A seed is found by the serial number that the firmware tells, wherever its drive is.
static void announce_seed(const struct guest *guest, struct xml_element *domain)
{
	auto_free char *mode = path_get(domain, "os/smbios/@mode");
	auto_free char *serial = path_get(domain, "sysinfo/system/entry[@name='serial']");

	if (mode || serial ||
	    (!complete_is_x86(guest) && !(complete_is_arm(guest) && complete_is_virt(guest))))
		return;
	path_set(domain, "os/smbios/@mode", "sysinfo");
	path_set(domain, "sysinfo/@type", "smbios");
	path_set(domain, "sysinfo/system/entry[@name='serial']", "ds=nocloud");
}

static void set_install_memory(const struct guest *guest, struct xml_element *domain)
{
	auto_free char *memory = text_format("%llu", guest->install_memory);
	auto_free char *most = path_get(domain, "memory");

	if (!guest->install_memory)
		return;
	path_set(domain, "currentMemory", memory);
	if (!most || strtoull(most, NULL, 10) < guest->install_memory)
		path_set(domain, "memory", memory);
}

static void prepare_install(const struct guest *guest, struct xml_element *domain)
{
	bool seeded = false;

	path_set(domain, "on_reboot", "destroy");
	set_install_memory(guest, domain);
	if (guest->install == INSTALL_TREE)
		set_tree(guest, domain);
	else if (guest->install == INSTALL_DEVICES)
		set_kinds(guest, domain);
	else if (guest->install == INSTALL_DISK)
		take_boot_orders(domain);
	else
		boot_first(guest, domain);
	for (size_t i = 0; i < guest->wish_count; i++)
		seeded = seeded || guest->wishes[i].seeds;
	// What the first boot writes into a TPM would be lost with it.
	if (seeded && guest->default_tpm)
		path_remove(domain, "devices/tpm");
	if (seeded)
		announce_seed(guest, domain);
}

// Takes away what only the installer reads, the last first: the others keep their places.
static void remove_answers(const struct guest *guest, struct xml_element *domain)
{
	for (size_t i = guest->wish_count; i-- > 0;) {
		struct xml_element *drive = same_in(guest, domain, guest->wishes[i].element);

		if (drive && guest->wishes[i].answers)
			xml_remove(drive);
	}
}

// Once installed the drive stays, its medium goes; Windows asks for it a second time.
static void empty_drives(const struct guest *guest, struct xml_element *domain)
{
	for (size_t i = 0; i < guest->wish_count; i++) {
		const struct disk_wish *wish = &guest->wishes[i];
		struct xml_element *drive = same_in(guest, domain, wish->element);
		auto_free char *device = drive ? path_get(drive, "@device") : NULL;

		if (!drive || (!wish->installs && !wish->seeds) ||
		    (wish->installs && os_is_windows(guest->os)))
			continue;
		// A disk cannot be empty.
		if (!text_equal(device, "cdrom") && !text_equal(device, "floppy")) {
			xml_remove(drive);
			continue;
		}
		path_remove(drive, "source");
		path_remove(drive, "driver");
	}
}

char *guest_xml(const struct guest *guest, enum guest_phase phase)
{
	auto_xml struct xml *copy = xml_copy(guest->xml);
	struct xml_element *domain = xml_root(copy);

	if (guest->install == INSTALL_NONE)
		return xml_string(copy);
	if (phase == PHASE_INSTALL) {
		prepare_install(guest, domain);
	} else {
		empty_drives(guest, domain);
		remove_answers(guest, domain);
	}
	return xml_string(copy);
}
