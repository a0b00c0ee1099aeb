// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of devices that are not disks; their conditions are virt-install's.
#include "base/cleanup.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/identity.h"
#include "xml/document.h"
#include "xml/path.h"

static void set_default(struct xml_element *element, const char *path, const char *value)
{
	if (!path_has(element, path))
		path_set(element, path, value);
}

static const char *default_model(const struct guest *guest)
{
	if (complete_virtio(guest, OS_VIRTIO_NETWORK))
		return "virtio";
	if (complete_is_pcie(guest))
		return "e1000e";
	if (!complete_is_x86(guest))
		return NULL;
	if (!os_supports(guest->os, OS_E1000) && os_supports(guest->os, OS_RTL8139))
		return "rtl8139";
	return "e1000";
}

static void complete_network(struct guest *guest, struct xml_element *interface)
{
	const char *model = default_model(guest);
	auto_free char *mac = identity_mac(guest->host->scheme);
	bool user = guest->host->session || text_equal(guest->host->scheme, "test");

	if (!path_has(interface, "@type")) {
		path_set(interface, "@type", user ? "user" : "network");
		if (!user)
			set_default(interface, "source/@network", "default");
	}
	set_default(interface, "mac/@address", mac);
	if (model)
		set_default(interface, "model/@type", model);
}

void complete_networks(struct guest *guest)
{
	if (!device_count(guest, "interface") && !guest->no_networks)
		device_new(guest, "interface");
	for (struct xml_element *i = xml_child(guest->devices, "interface"); i;
	     i = xml_next(i, "interface"))
		complete_network(guest, i);
}

static bool offers_graphics(const struct guest *guest, const char *type)
{
	// Where nothing is told, qemu on x86 has both.
	if (!guest->host->domain)
		return complete_is_x86(guest);
	return host_allows(guest->host, "devices/graphics/enum[@name='type']", type);
}

static void complete_graphics(struct guest *guest, struct xml_element *graphics)
{
	auto_free char *type = path_get(graphics, "@type");

	if (!type || text_equal(type, "default")) {
		path_set(graphics, "@type", offers_graphics(guest, "spice") ? "spice" : "vnc");
	}
	free(take(&type));
	type = path_get(graphics, "@type");
	if (!text_equal(type, "spice") && !text_equal(type, "vnc"))
		return;
	set_default(graphics, "@port", "-1");
	if (!text_equal(type, "spice"))
		return;
	set_default(graphics, "@tlsPort", "-1");
	set_default(graphics, "@autoport", "yes");
	if (!guest->host->remote && !path_has(graphics, "image"))
		path_set(graphics, "image/@compression", "off");
}

static const char *default_video(const struct guest *guest)
{
	const char *models = "devices/video/enum[@name='modelType']";
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	// Where nothing is told of displays, QEMU on x86 has qxl.
	bool told = guest->host->domain &&
		    path_find(xml_root(guest->host->domain), "devices/video/enum");
	bool qxl = told ? host_allows(guest->host, models, "qxl") : true;

	if (text_begins(arch, "riscv") || text_begins(arch, "loongarch") ||
	    text_equal(arch, "s390x"))
		return "virtio";
	if (host_allows(guest->host, models, "virtio") && os_supports(guest->os, OS_VIRTIO_GPU))
		return "virtio";
	if (complete_is_x86(guest) && qxl && complete_is_qemu(guest) &&
	    path_find(guest->devices, "graphics[@type='spice']"))
		return "qxl";
	if (guest->wants_uefi && complete_is_arm(guest))
		return "ramfb";
	if (guest->wants_uefi && host_allows(guest->host, models, "bochs"))
		return "bochs";
	return "vga";
}

void complete_display(struct guest *guest)
{
	if (!device_count(guest, "graphics") && !guest->no_graphics)
		device_new(guest, "graphics");
	for (struct xml_element *g = xml_child(guest->devices, "graphics"); g;
	     g = xml_next(g, "graphics"))
		complete_graphics(guest, g);
	if (!device_count(guest, "graphics"))
		return;
	if (!device_count(guest, "video"))
		path_set(device_new(guest, "video"), "model/@type", default_video(guest));
	if (!device_count(guest, "input")) {
		struct xml_element *tablet = device_new(guest, "input");

		path_set(tablet, "@type", "tablet");
		path_set(tablet, "@bus", "usb");
		if (!complete_is_x86(guest)) {
			struct xml_element *keyboard = device_new(guest, "input");

			path_set(keyboard, "@type", "keyboard");
			path_set(keyboard, "@bus", "usb");
		}
	}
}

static struct xml_element *add_controller(struct guest *guest, const char *type, const char *model)
{
	struct xml_element *controller = device_new(guest, "controller");

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
	if (!complete_is_qemu(guest) && !text_equal(guest->host->scheme, "test"))
		return;
	if (complete_is_arm(guest) && !complete_is_virt(guest))
		return;
	if (!complete_is_x86(guest) || os_supports(guest->os, OS_XHCI))
		path_set(add_controller(guest, "usb", "qemu-xhci"), "@ports", "15");
	else
		add_usb2(guest);
}

void complete_controllers(struct guest *guest)
{
	enum { ROOT_PORTS = 14 }; // places for devices that are plugged in while the guest runs

	if (!path_find(guest->devices, "controller[@type='usb']"))
		add_usb(guest);
	if (complete_is_qemu(guest) && complete_is_pcie(guest) &&
	    !path_find(guest->devices, "controller[@type='pci']")) {
		add_controller(guest, "pci", "pcie-root");
		for (int i = 0; i < ROOT_PORTS; i++)
			add_controller(guest, "pci", "pcie-root-port");
	}
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d;
	     d = xml_next(d, "disk")) {
		auto_free char *bus = path_get(d, "target/@bus");

		if (text_equal(bus, "scsi") && complete_virtio(guest, OS_VIRTIO_SCSI) &&
		    !path_find(guest->devices, "controller[@type='scsi']"))
			path_set(add_controller(guest, "scsi", "virtio-scsi"), "@index", "0");
	}
}

static void add_agent_channel(struct guest *guest)
{
	struct xml_element *channel = device_new(guest, "channel");

	path_set(channel, "@type", "unix");
	path_set(channel, "source/@mode", "bind");
	path_set(channel, "target/@type", "virtio");
	path_set(channel, "target/@name", "org.qemu.guest_agent.0");
}

static void add_spice_extras(struct guest *guest)
{
	struct xml_element *channel = device_new(guest, "channel"), *sound;

	path_set(channel, "@type", "spicevmc");
	path_set(channel, "target/@type", "virtio");
	path_set(channel, "target/@name", "com.redhat.spice.0");
	sound = device_new(guest, "sound");
	path_set(sound, "@model", complete_is_pcie(guest) ? "ich9" : "ich6");
	for (int i = 0; i < 2 && complete_is_x86(guest); i++) {
		struct xml_element *redirection = device_new(guest, "redirdev");

		path_set(redirection, "@bus", "usb");
		path_set(redirection, "@type", "spicevmc");
	}
}

// A TPM that libvirt emulates goes with UEFI, since that is where it is asked for.
static void add_tpm(struct guest *guest)
{
	const char *backends = "devices/tpm/enum[@name='backendModel']";
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	struct xml_element *tpm;

	if (!path_has(guest->domain, "os/@firmware") ||
	    !host_allows(guest->host, backends, "emulator") || text_equal(arch, "armv7l"))
		return;
	tpm = device_new(guest, "tpm");
	if (host_allows(guest->host, "devices/tpm/enum[@name='model']", "tpm-crb"))
		path_set(tpm, "@model", "tpm-crb");
	path_set(tpm, "backend/@type", "emulator");
}

void complete_extras(struct guest *guest)
{
	add_tpm(guest);
	if (!device_count(guest, "serial") && !device_count(guest, "console") && !guest->no_console)
		path_set(device_new(guest, "console"), "@type", "pty");
	if (complete_virtio(guest, OS_VIRTIO_SERIAL) && !device_count(guest, "channel"))
		add_agent_channel(guest);
	if (complete_is_qemu(guest) && path_find(guest->devices, "graphics[@type='spice']"))
		add_spice_extras(guest);
	if (complete_virtio(guest, OS_VIRTIO_BALLOON))
		path_set(device_new(guest, "memballoon"), "@model", "virtio");
	if (complete_virtio(guest, OS_VIRTIO_RNG)) {
		struct xml_element *rng = device_new(guest, "rng");

		path_set(rng, "@model", "virtio");
		path_set(rng, "backend", "/dev/urandom");
		path_set(rng, "backend/@model", "random");
	}
}
