// SPDX-License-Identifier: GPL-3.0-or-later
// Which devices boot, and with which firmware.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

// Firmware that libvirt lists by path, for hosts that do not choose by a description.
static const struct {
	const char *arch, *part;
} loaders[] = {
	{"x86_64", "OVMF_CODE.fd"},   {"x86_64", "OVMF_CODE.secboot.fd"},
	{"x86_64", "ovmf"},           {"x86_64", "OVMF"},
	{"x86_64", "edk2-x86_64"},    {"x86_64", "BHYVE_UEFI"},
	{"i686", "edk2-i386"},        {"i686", "ovmf-ia32"},
	{"aarch64", "AAVMF_CODE.fd"}, {"aarch64", "aarch64/QEMU_EFI"},
	{"aarch64", "aarch64"},       {"armv7l", "AAVMF32"},
	{"armv7l", "arm/QEMU_EFI"},   {"armv7l", "edk2-arm"},
	{"riscv64", "riscv"},         {"loongarch64", "loongarch"},
};

// The best loader that the domain capabilities list for the guest's architecture; the caller's.
static char *find_loader(const struct guest *guest)
{
	const struct xml_element *list =
		guest->host->domain ? path_find(xml_root(guest->host->domain), "os/loader") : NULL;
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	for (size_t i = 0; i < sizeof(loaders) / sizeof(*loaders); i++)
		for (struct xml_element *v = xml_child(list, "value"); v;
		     v = xml_next(v, "value")) {
			auto_free char *path = path_get(v, ".");

			if (text_equal(loaders[i].arch, arch) && strstr(path, loaders[i].part))
				return take(&path);
		}
	return NULL;
}

static void set_loader(struct guest *guest, const char *path)
{
	path_set(guest->domain, "os/loader", path);
	path_set(guest->domain, "os/loader/@readonly", "yes");
	path_set(guest->domain, "os/loader/@type", "pflash");
	if (!strstr(path, "secboot") || !complete_is_x86(guest))
		return;
	path_set(guest->domain, "os/loader/@secure", "yes");
	path_set(guest->domain, "features/smm/@state", "on");
}

// A firmware is the default where there is no other way to boot.
static bool needs_uefi(const struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	if (guest_declines(guest, "firmware") || path_has(guest->domain, "os/kernel"))
		return false;
	if (text_equal(guest->host->scheme, "bhyve"))
		return true;
	if (!complete_is_qemu(guest) || !complete_is_hvm(guest))
		return false;
	if (complete_is_virt(guest))
		return true;
	return complete_is_x86(guest) && os_has_firmware(guest->os, arch, "efi") &&
	       !os_has_firmware(guest->os, arch, "bios");
}

bool complete_has_uefi(const struct guest *guest)
{
	auto_free char *firmware = path_get(guest->domain, "os/@firmware");
	auto_free char *type = path_get(guest->domain, "os/loader/@type");

	return text_equal(firmware, "efi") || text_equal(type, "pflash");
}

// Whether the options say all of the firmware themselves. "uefi" beside a part of it leaves the
// rest to libvirt.
static bool is_told_firmware(const struct guest *guest, bool asked)
{
	if (path_has(guest->domain, "os/@firmware"))
		return true;
	if (asked)
		return path_has(guest->domain, "os/loader/@type") ||
		       path_has(guest->domain, "os/loader/@readonly");
	return path_has(guest->domain, "os/loader") || path_has(guest->domain, "os/nvram");
}

int complete_firmware(struct guest *guest, struct error *err)
{
	bool asked = guest->wants_uefi || path_has(guest->domain, "os/firmware");
	auto_free char *loader = NULL;

	if ((!asked && !needs_uefi(guest)) || is_told_firmware(guest, asked))
		return 0;
	loader = path_get(guest->domain, "os/loader");
	if (hypervisor_allows(guest->host, "os/enum[@name='firmware']", "efi")) {
		path_set(guest->domain, "os/@firmware", "efi");
		return 0;
	}
	if (loader && *loader)
		return 0;
	free(take(&loader));
	loader = find_loader(guest);
	if (loader) {
		set_loader(guest, loader);
		return 0;
	}
	if (!asked) {
		list_add(&guest->warnings,
			 "the host lists no UEFI firmware for this guest; on Debian: apt install "
			 "ovmf");
		return 0;
	}
	if (!guest->host->domain)
		error_set(err, STATUS_FAILED,
			  "Libvirt version does not support UEFI: it tells "
			  "nothing of the host's firmware");
	else
		error_set(err, STATUS_FAILED, "the host has no UEFI firmware for this guest");
	return error_hint(err,
			  "apt install ovmf brings it on Debian; --boot loader=FILE names one");
}

static const struct kind_of_boot {
	const char *word, *element, *device;
} kinds[] = {{"hd", "disk", "disk"},
	     {"cdrom", "disk", "cdrom"},
	     {"fd", "disk", "floppy"},
	     {"network", "interface", NULL}};

static const struct kind_of_boot *kind_of(const char *word)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		if (text_equal(kinds[k].word, word))
			return &kinds[k];
	return NULL;
}

// The first device of the kind that WORD names.
static struct xml_element *first_of(const struct xml_element *devices, const char *word)
{
	const struct kind_of_boot *kind = kind_of(word);

	for (struct xml_element *d = kind ? xml_child(devices, kind->element) : NULL; d;
	     d = xml_next(d, kind->element)) {
		auto_free char *device = path_get(d, "@device");

		if (!kind->device || text_equal(device ? device : "disk", kind->device))
			return d;
	}
	return NULL;
}

static bool any_order(const struct guest *guest)
{
	for (struct xml_element *d = xml_child(guest->devices, NULL); d; d = xml_next(d, NULL))
		if (path_has(d, "boot/@order"))
			return true;
	return false;
}

static void set_order(struct xml_element *device, int order)
{
	auto_free char *number = text_format("%d", order);

	path_set(device, "boot/@order", number);
}

// Without a word the first disk boots, unless a kernel or the options say otherwise; a guest that
// is installed over the network boots from there later if it has no disk, one that has a CD alone
// from that.
static struct xml_element *default_device(const struct guest *guest)
{
	struct xml_element *disk = first_of(guest->devices, "hd");

	if (path_has(guest->domain, "os/kernel") || any_order(guest) || !complete_is_hvm(guest))
		return NULL;
	if (!disk && guest->install == INSTALL_NETWORK)
		return xml_child(guest->devices, "interface");
	if (!disk && guest->install == INSTALL_NONE)
		return first_of(guest->devices, "cdrom");
	return disk;
}

bool complete_orders_devices(const struct guest *guest)
{
	return !guest->host || complete_is_qemu(guest) || complete_is_test(guest);
}

void complete_order_kinds(struct xml_element *domain)
{
	struct xml_element *devices = xml_child(domain, "devices"), *boot;
	int order = 1;

	while ((boot = path_find(domain, "os/boot"))) {
		auto_free char *word = path_get(boot, "@dev");
		struct xml_element *device = first_of(devices, word ? word : "");

		if (device && !path_has(device, "boot/@order"))
			set_order(device, order++);
		xml_remove(boot);
	}
}

// Hypervisors without an order of devices have one of kinds.
static void set_kinds(struct guest *guest)
{
	if (!guest->boot_devices.count && !path_has(guest->domain, "os/kernel") &&
	    !complete_is_container(guest))
		list_add(&guest->boot_devices,
			 !first_of(guest->devices, "hd") && guest->install == INSTALL_NETWORK
				 ? "network"
				 : "hd");
	for (size_t i = 0; i < guest->boot_devices.count; i++) {
		auto_free char *path = text_format("os/boot[%zu]/@dev", i + 1);

		path_set(guest->domain, path, guest->boot_devices.items[i]);
	}
}

void complete_boot_kinds(struct guest *guest)
{
	bool any = false;

	for (size_t i = 0; i < guest->boot_devices.count; i++)
		any = any || first_of(guest->devices, guest->boot_devices.items[i]);
	guest->boot_by_kind = !any;
}

void guest_set_boot_order(struct guest *guest)
{
	struct xml_element *device;
	bool any = false;
	int order = 1;

	if (path_has(guest->domain, "os/boot"))
		return;
	for (size_t i = 0; i < guest->boot_devices.count; i++)
		any = any || first_of(guest->devices, guest->boot_devices.items[i]);
	any = any && !guest->boot_by_kind;
	if (!complete_orders_devices(guest) || (guest->boot_devices.count && !any)) {
		set_kinds(guest);
		return;
	}
	if (!guest->boot_devices.count) {
		device = default_device(guest);
		if (device)
			set_order(device, 1);
		return;
	}
	for (size_t i = 0; i < guest->boot_devices.count; i++) {
		device = first_of(guest->devices, guest->boot_devices.items[i]);
		if (device)
			set_order(device, order++);
	}
}
