// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of devices that are neither disks nor seen: network, controllers, console, channels.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/identity.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *default_model(const struct guest *guest)
{
	if (complete_virtio(guest, OS_VIRTIO_NETWORK))
		return "virtio";
	if (!complete_is_hvm(guest))
		return NULL;
	if (complete_is_pcie(guest))
		return "e1000e";
	if (!complete_is_x86(guest))
		return NULL;
	if (os_supports(guest->os, OS_E1000))
		return "e1000";
	if (os_supports(guest->os, OS_RTL8139))
		return "rtl8139";
	if (os_supports(guest->os, OS_NE2K_PCI))
		return "ne2k_pci";
	if (os_supports(guest->os, OS_PCNET))
		return "pcnet";
	return "e1000";
}

// Where the interface is plugged in when nothing says it: the host's own bridge if it has one.
static void set_default_source(const struct guest *guest, struct xml_element *interface)
{
	if (guest->host->session || complete_is_test(guest)) {
		path_set(interface, "@type", "user");
	} else if (guest->host->bridge) {
		path_set(interface, "@type", "bridge");
		path_set(interface, "source/@bridge", guest->host->bridge);
	} else {
		path_set(interface, "@type", "network");
		path_set(interface, "source/@network", "default");
	}
}

void complete_one_network(struct guest *guest, struct xml_element *interface)
{
	const char *model = default_model(guest);
	auto_free char *mac = identity_mac(guest->host->scheme);

	if (!path_has(interface, "@type"))
		set_default_source(guest, interface);
	complete_default(interface, "mac/@address", mac);
	if (model)
		complete_default(interface, "model/@type", model);
}

void complete_networks(struct guest *guest)
{
	if (!complete_count(guest, "interface") && !guest_declines(guest, "network"))
		complete_add(guest, "interface");
	complete_each(guest, "interface");
}

static struct xml_element *add_controller(struct guest *guest, const char *type, const char *model)
{
	struct xml_element *controller = complete_add(guest, "controller");

	path_set(controller, "@type", type);
	path_set(controller, "@model", model);
	return controller;
}

// USB 2 of old: a fast controller with three slow companions.
static void add_usb2(struct guest *guest)
{
	static const struct {
		const char *model, *start;
	} companions[] = {{"ich9-uhci1", "0"}, {"ich9-uhci2", "2"}, {"ich9-uhci3", "4"}};

	add_controller(guest, "usb", "ich9-ehci1");
	for (size_t i = 0; i < sizeof(companions) / sizeof(*companions); i++)
		path_set(add_controller(guest, "usb", companions[i].model), "master/@startport",
			 companions[i].start);
}

static void add_usb(struct guest *guest)
{
	bool virt = complete_is_virt(guest) || complete_machine_is(guest, "pseries");

	if ((!complete_is_qemu(guest) && !complete_is_test(guest)) || !complete_is_hvm(guest) ||
	    (!complete_is_x86(guest) && !virt))
		return;
	if (virt || (complete_is_qemu(guest) && os_supports(guest->os, OS_XHCI)))
		path_set(add_controller(guest, "usb", "qemu-xhci"), "@ports", "15");
	else
		add_usb2(guest);
}

// `--controller num_pcie_root_ports=N` is no controller but the wish for N ports.
static int take_root_ports(struct guest *guest)
{
	struct xml_element *next;
	int ports = PCIE_ROOT_PORTS;

	for (struct xml_element *c = xml_child(guest->devices, "controller"); c; c = next) {
		auto_free char *wish = path_get(c, "@num_pcie_root_ports");

		next = xml_next(c, "controller");
		if (!wish)
			continue;
		ports = (int)strtol(wish, NULL, 10);
		path_clear(c, "@num_pcie_root_ports");
		if (xml_is_empty(c))
			xml_remove(c);
	}
	return ports;
}

void complete_pcie(struct guest *guest, int ports)
{
	if (!complete_is_qemu(guest) || !complete_is_pcie(guest) || !ports ||
	    path_find(guest->devices, "controller[@type='pci']"))
		return;
	add_controller(guest, "pci", "pcie-root");
	for (int i = 0; i < ports; i++)
		add_controller(guest, "pci", "pcie-root-port");
}

static bool is_seed(const struct guest *guest, const struct xml_element *disk)
{
	for (size_t i = 0; i < guest->wish_count; i++)
		if (guest->wishes[i].element == disk)
			return guest->wishes[i].seeds;
	return false;
}

// With SEEDS for the drive of a seed too, which comes when all else is there.
static void add_scsi(struct guest *guest, bool seeds)
{
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d;
	     d = xml_next(d, "disk")) {
		auto_free char *bus = path_get(d, "target/@bus");

		if (text_equal(bus, "scsi") && (seeds || !is_seed(guest, d)) &&
		    complete_virtio(guest, OS_VIRTIO_SCSI) &&
		    !path_find(guest->devices, "controller[@type='scsi']"))
			add_controller(guest, "scsi", "virtio-scsi");
	}
}

void complete_controllers(struct guest *guest)
{
	if (!path_find(guest->devices, "controller[@type='usb']"))
		add_usb(guest);
	add_scsi(guest, false);
	complete_pcie(guest, take_root_ports(guest));
	add_scsi(guest, true);
}

void complete_agent(struct guest *guest)
{
	struct xml_element *channel;

	if (!complete_virtio(guest, OS_VIRTIO_SERIAL) || guest_declines(guest, "channel") ||
	    complete_count(guest, "channel"))
		return;
	channel = complete_add(guest, "channel");
	path_set(channel, "@type", "unix");
	path_set(channel, "source/@mode", "bind");
	path_set(channel, "target/@type", "virtio");
	path_set(channel, "target/@name", "org.qemu.guest_agent.0");
}

static void add_console(struct guest *guest)
{
	struct xml_element *console;

	if (complete_count(guest, "serial") || complete_count(guest, "console") ||
	    guest_declines(guest, "console") || guest_declines(guest, "serial"))
		return;
	console = complete_add(guest, "console");
	if (text_equal(guest->host->scheme, "bhyve")) {
		auto_free char *uuid = path_get(guest->domain, "uuid");
		auto_free char *master = text_format("/dev/nmdm%sA", uuid);
		auto_free char *slave = text_format("/dev/nmdm%sB", uuid);

		path_set(console, "@type", "nmdm");
		path_set(console, "source/@master", master);
		path_set(console, "source/@slave", slave);
		return;
	}
	path_set(console, "@type", "pty");
	if (complete_arch_is(guest, "s390x"))
		path_set(console, "target/@type", "sclp");
}

// A TPM that libvirt emulates goes with UEFI, which is what systems that want one have.
static void add_tpm(struct guest *guest)
{
	if (guest_declines(guest, "tpm") || complete_count(guest, "tpm") ||
	    !complete_has_uefi(guest) || complete_arch_is(guest, "armv7l") ||
	    !hypervisor_allows(guest->host, "devices/tpm/enum[@name='backendModel']", "emulator"))
		return;
	path_set(complete_add(guest, "tpm"), "backend/@type", "emulator");
	guest->default_tpm = true;
}

void complete_one_tpm(struct guest *guest, struct xml_element *tpm)
{
	bool told =
		guest->host->domain && path_find(xml_root(guest->host->domain), "devices/tpm/enum");
	auto_free char *type = path_get(tpm, "backend/@type");
	auto_free char *version = path_get(tpm, "backend/@version");

	// TPM 1.2 has no such interface.
	if (text_equal(type, "emulator") && !path_has(tpm, "@model") &&
	    (!version || text_equal(version, "2.0")) &&
	    (told ? hypervisor_allows(guest->host, "devices/tpm/enum[@name='model']", "tpm-crb")
		  : !complete_arch_is(guest, "s390x") && !complete_arch_is(guest, "loongarch")))
		path_set(tpm, "@model", "tpm-crb");
}

// Where a device of virtio that every guest has use for is a default.
static bool has_defaults(const struct guest *guest)
{
	return complete_is_qemu(guest) && complete_is_hvm(guest) &&
	       (complete_is_x86(guest) || complete_is_virt(guest) ||
		complete_arch_is(guest, "s390x") || complete_machine_is(guest, "pseries"));
}

static void add_balloon(struct guest *guest)
{
	if (guest_declines(guest, "memballoon"))
		path_set(complete_add(guest, "memballoon"), "@model", "none");
	else if (!complete_count(guest, "memballoon") && has_defaults(guest) &&
		 os_supports(guest->os, OS_VIRTIO_BALLOON))
		complete_add(guest, "memballoon");
}

void complete_one_balloon(struct guest *guest, struct xml_element *balloon)
{
	(void)guest;
	complete_default(balloon, "@model", "virtio");
}

static void add_rng(struct guest *guest)
{
	struct xml_element *rng;

	if (guest_declines(guest, "rng") || complete_count(guest, "rng") || !has_defaults(guest) ||
	    !os_supports(guest->os, OS_VIRTIO_RNG))
		return;
	rng = complete_add(guest, "rng");
	path_set(rng, "@model", "virtio");
	path_set(rng, "backend", "/dev/urandom");
	path_set(rng, "backend/@model", "random");
}

// What an option that names no more than its kind means.
void complete_one_watchdog(struct guest *guest, struct xml_element *watchdog)
{
	(void)guest;
	complete_default(watchdog, "@model", "i6300esb");
	complete_default(watchdog, "@action", "reset");
}

void complete_one_vsock(struct guest *guest, struct xml_element *vsock)
{
	(void)guest;
	complete_default(vsock, "@model", "virtio");
	if (!path_has(vsock, "cid"))
		path_set(vsock, "cid/@auto", "yes");
}

void complete_one_filesystem(struct guest *guest, struct xml_element *filesystem)
{
	auto_free char *driver = path_get(filesystem, "driver/@type");

	if ((complete_is_qemu(guest) || complete_is_test(guest) ||
	     text_equal(guest->host->scheme, "lxc")) &&
	    !text_equal(driver, "virtiofs"))
		complete_default(filesystem, "@accessmode", "mapped");
}

void complete_extras(struct guest *guest)
{
	add_console(guest);
	add_tpm(guest);
	add_balloon(guest);
	add_rng(guest);
	complete_each(guest, "tpm");
	complete_each(guest, "memballoon");
	complete_each(guest, "watchdog");
	complete_each(guest, "vsock");
	complete_each(guest, "filesystem");
}

// A container runs one program: its init, or a whole system where it has a root of its own.
void complete_container(struct guest *guest)
{
	auto_free char *type = path_get(guest->domain, "@type");
	bool whole = path_find(guest->devices, "filesystem/target[@dir='/']") != NULL;

	if (!complete_is_container(guest))
		return;
	complete_default(guest->domain, "os/init", whole ? "/sbin/init" : "/bin/sh");
	// What it runs sets up a network of its own.
	if (whole && !text_equal(type, "vz") && !guest_declines(guest, "privnet"))
		path_create(guest->domain, "features/privnet");
}
