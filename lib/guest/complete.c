// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of the guest as a whole; their conditions are virt-install's.
#include "guest/complete.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/identity.h"
#include "xml/document.h"
#include "xml/path.h"

static void set_default(struct guest *guest, const char *path, const char *value)
{
	if (!path_has(guest->domain, path))
		path_set(guest->domain, path, value);
}

// A firmware is wanted where it was asked for, and where there is no other way to boot.
static bool wants_uefi(const struct guest *guest)
{
	if (guest->wants_uefi || path_has(guest->domain, "os/firmware"))
		return true;
	return complete_is_virt(guest) && complete_is_qemu(guest) &&
	       !path_has(guest->domain, "os/kernel");
}

void complete_firmware(struct guest *guest)
{
	bool asked = guest->wants_uefi || path_has(guest->domain, "os/firmware");

	if (!wants_uefi(guest) || path_has(guest->domain, "os/loader") ||
	    path_has(guest->domain, "os/nvram") || path_has(guest->domain, "os/@firmware"))
		return;
	guest->wants_uefi = true;
	if (!guest->host->domain || host_allows(guest->host, "os/enum[@name='firmware']", "efi")) {
		path_set(guest->domain, "os/@firmware", "efi");
		return;
	}
	if (asked)
		path_set(guest->domain, "os/@firmware", "efi");
	list_add(&guest->warnings, "the host lists no UEFI firmware; on Debian: apt install ovmf");
}

static bool cpu_usable(const struct xml_element *cpu, const char *model)
{
	const struct xml_element *custom = path_find(cpu, "mode[@name='custom']");

	for (struct xml_element *m = xml_child(custom, "model"); m; m = xml_next(m, "model")) {
		auto_free char *name = path_get(m, "."), *usable = path_get(m, "@usable");

		if (text_equal(name, model))
			return !text_equal(usable, "no");
	}
	return true;
}

// The CPU of a KVM guest is as near to the host's as can be moved elsewhere.
static void complete_kvm_cpu(struct guest *guest, const struct xml_element *cpu)
{
	const char *migratable =
		"mode[@name='host-passthrough']/enum[@name='hostPassthroughMigratable']/value";
	auto_free char *fallback =
		cpu ? path_get(cpu, "mode[@name='host-model']/model/@fallback") : NULL;
	auto_free char *model = NULL;

	if ((cpu && path_has(cpu, migratable)) || !complete_is_x86(guest)) {
		path_set(guest->domain, "cpu/@mode", "host-passthrough");
		return;
	}
	if (text_equal(fallback, "forbid")) {
		path_set(guest->domain, "cpu/@mode", "host-model");
		return;
	}
	model = path_get(xml_root(guest->host->xml), "host/cpu/model");
	if (!model || (cpu && !cpu_usable(cpu, model)))
		return;
	path_set(guest->domain, "cpu/@mode", "custom");
	path_set(guest->domain, "cpu/@match", "exact");
	path_set(guest->domain, "cpu/model", model);
}

void complete_cpu(struct guest *guest)
{
	const struct xml_element *cpu =
		guest->host->domain ? path_find(xml_root(guest->host->domain), "cpu") : NULL;
	auto_free char *maximum = NULL;

	if (guest->cpu_secure)
		cpu_add_security(guest);
	if (guest->cpu_none || path_has(guest->domain, "cpu/@mode") ||
	    path_has(guest->domain, "cpu/model") ||
	    (!complete_is_x86(guest) && !complete_is_virt(guest)))
		return;
	if (complete_type_is(guest, "kvm") && complete_is_own_arch(guest) &&
	    (complete_is_x86(guest) || complete_is_arm(guest))) {
		complete_kvm_cpu(guest, cpu);
		return;
	}
	maximum = cpu ? path_get(cpu, "mode[@name='maximum']/@supported") : NULL;
	if (complete_type_is(guest, "qemu") && text_equal(maximum, "yes"))
		path_set(guest->domain, "cpu/@mode", "maximum");
}

void complete_clock(struct guest *guest)
{
	static const struct {
		const char *name, *attribute, *value;
	} timers[] = {{"rtc", "tickpolicy", "catchup"},
		      {"pit", "tickpolicy", "delay"},
		      {"hpet", "present", "no"}};

	set_default(guest, "clock/@offset", os_is_windows(guest->os) ? "localtime" : "utc");
	if (!complete_is_x86(guest) || !complete_is_qemu(guest) ||
	    path_has(guest->domain, "clock/timer"))
		return;
	for (size_t i = 0; i < sizeof(timers) / sizeof(*timers); i++) {
		auto_free char *path = text_format("clock/timer[@name='%s']/@%s", timers[i].name,
						   timers[i].attribute);

		path_set(guest->domain, path, timers[i].value);
	}
	if (os_is_windows(guest->os))
		path_set(guest->domain, "clock/timer[@name='hypervclock']/@present", "yes");
}

static void set_metadata(struct guest *guest)
{
	const char *id = os_id(guest->os);
	struct xml_element *os;

	if (!id)
		return;
	os = path_create(guest->domain, "metadata/libosinfo:libosinfo");
	path_set(os, "@xmlns:libosinfo", "http://libosinfo.org/xmlns/libvirt/domain/1.0");
	path_set(os, "libosinfo:os/@id", id);
}

static int set_resources(struct guest *guest, struct error *err)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	unsigned long long memory = os_resource(guest->os, arch, OS_MEMORY);
	unsigned long long cpus = os_resource(guest->os, arch, OS_CPUS);
	auto_free char *kibibytes = text_format("%llu", memory / 1024);
	auto_free char *count = text_format("%llu", cpus ? cpus : 1);

	if (!path_has(guest->domain, "memory")) {
		if (!memory) {
			error_set(err, STATUS_USAGE,
				  "how much memory '%s' needs is not known: --memory says it",
				  os_short_id(guest->os));
			return error_hint(err, "--memory 2048 gives the guest 2 GiB");
		}
		path_set(guest->domain, "memory", kibibytes);
		path_set(guest->domain, "currentMemory", kibibytes);
	}
	set_default(guest, "vcpu", count);
	return 0;
}

// Those that the capabilities list for this kind of guest.
static void set_features(struct guest *guest)
{
	static const char *const names[] = {"acpi", "apic", "pae"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		auto_free char *listed = text_format("features/%s", names[i]);

		if (path_has(guest->offer, listed))
			path_create(guest->domain, listed);
	}
	if (complete_is_x86(guest) && complete_is_qemu(guest) &&
	    path_find(guest->devices, "graphics[@type='spice']"))
		set_default(guest, "features/vmport/@state", "off");
}

// Which device comes how early: --boot names kinds of devices, in their order.
static void set_boot_order(struct guest *guest)
{
	static const struct {
		const char *word, *element, *device;
	} kinds[] = {{"hd", "disk", "disk"},
		     {"cdrom", "disk", "cdrom"},
		     {"fd", "disk", "floppy"},
		     {"network", "interface", NULL}};
	int order = 1;

	for (size_t i = 0; i < guest->boot_devices.count; i++)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
			const char *name = kinds[k].element;

			if (!text_equal(guest->boot_devices.items[i], kinds[k].word))
				continue;
			for (struct xml_element *d = xml_child(guest->devices, name); d;
			     d = xml_next(d, name)) {
				auto_free char *device = path_get(d, "@device");
				auto_free char *number = text_format("%d", order);

				if (kinds[k].device && !text_equal(device, kinds[k].device))
					continue;
				path_set(d, "boot/@order", number);
				order++;
				break;
			}
		}
	// Without a word the first disk boots, unless a kernel is given.
	if (order == 1 && !path_find(guest->domain, "os/kernel") &&
	    !path_find(guest->domain, "os/boot")) {
		struct xml_element *disk = path_find(guest->devices, "disk[@device='disk']");

		// A guest without a disk that was begun over the network boots from there for good.
		if (!disk && guest->install == INSTALL_NETWORK)
			disk = xml_child(guest->devices, "interface");
		if (disk && !path_has(disk, "boot"))
			path_set(disk, "boot/@order", "1");
	}
}

int guest_complete(struct guest *guest, struct error *err)
{
	auto_free char *uuid = identity_uuid();

	set_default(guest, "uuid", uuid);
	set_metadata(guest);
	if (set_resources(guest, err) < 0)
		return -1;
	complete_firmware(guest);
	if (complete_disks(guest, err) < 0)
		return -1;
	complete_networks(guest);
	complete_display(guest);
	complete_controllers(guest);
	complete_extras(guest);
	set_features(guest);
	complete_cpu(guest);
	complete_clock(guest);
	if (complete_is_x86(guest)) {
		set_default(guest, "pm/suspend-to-mem/@enabled", "no");
		set_default(guest, "pm/suspend-to-disk/@enabled", "no");
	}
	set_boot_order(guest);
	return 0;
}
