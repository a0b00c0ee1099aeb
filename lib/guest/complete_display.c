// SPDX-License-Identifier: GPL-3.0-or-later
// What people see and touch: display, video, input, and what comes with SPICE.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct xml_element *domain_caps(const struct guest *guest, const char *path)
{
	return guest->host->domain ? path_find(xml_root(guest->host->domain), path) : NULL;
}

static bool offers_spice(const struct guest *guest)
{
	if (domain_caps(guest, "devices/graphics/enum"))
		return hypervisor_allows(guest->host, "devices/graphics/enum[@name='type']",
					 "spice");
	// Where nothing is told, QEMU on x86 has it.
	return (complete_is_qemu(guest) || complete_is_test(guest)) &&
	       hypervisor_has_x86(guest->host);
}

static bool is_without_ports(const struct xml_element *graphics)
{
	auto_free char *listen = path_get(graphics, "listen/@type");

	return text_equal(listen, "none") || text_equal(listen, "socket");
}

static void complete_spice(struct guest *guest, struct xml_element *graphics)
{
	auto_free char *port = path_get(graphics, "@port");
	auto_free char *tls = path_get(graphics, "@tlsPort");

	if (!guest->host->remote && !path_has(graphics, "image"))
		path_set(graphics, "image/@compression", "off");
	if (is_without_ports(graphics))
		return;
	if (!port && !tls) {
		path_set(graphics, "@port", "-1");
		path_set(graphics, "@tlsPort", "-1");
	} else if (!text_equal(port, "-1") || !text_equal(tls, "-1")) {
		return;
	}
	complete_default(graphics, "@autoport", "yes");
}

// Drawing with a graphics card of the host needs to know which.
static void complete_gl(struct guest *guest, struct xml_element *graphics)
{
	auto_free char *enabled = path_get(graphics, "gl/@enable");
	auto_free char *type = path_get(graphics, "@type");

	if (text_equal(enabled, "yes") && text_equal(type, "spice") &&
	    !path_has(graphics, "gl/@rendernode") && guest->host->render_node)
		path_set(graphics, "gl/@rendernode", guest->host->render_node);
}

void complete_one_graphics(struct guest *guest, struct xml_element *graphics)
{
	auto_free char *type = NULL;

	if (!path_has(graphics, "@type"))
		path_set(graphics, "@type", offers_spice(guest) ? "spice" : "vnc");
	type = path_get(graphics, "@type");
	if (text_equal(type, "spice"))
		complete_spice(guest, graphics);
	else if (text_equal(type, "vnc") && !is_without_ports(graphics))
		complete_default(graphics, "@port", "-1");
	complete_gl(guest, graphics);
}

static bool uses_gl(const struct guest *guest)
{
	for (struct xml_element *g = xml_child(guest->devices, "graphics"); g;
	     g = xml_next(g, "graphics")) {
		auto_free char *enabled = path_get(g, "gl/@enable");

		if (text_equal(enabled, "yes"))
			return true;
	}
	return false;
}

static bool has_graphics(const struct guest *guest, const char *type)
{
	auto_free char *path = text_format("graphics[@type='%s']", type);

	return path_find(guest->devices, path) != NULL;
}

static const char *default_video(const struct guest *guest)
{
	const char *models = "devices/video/enum[@name='modelType']";
	// Where nothing is told of displays, QEMU on x86 has qxl.
	bool qxl = domain_caps(guest, "devices/video/enum")
			   ? hypervisor_allows(guest->host, models, "qxl")
			   : hypervisor_has_x86(guest->host);

	if (complete_machine_is(guest, "pseries"))
		return "vga";
	if (complete_is_qemu(guest) &&
	    (complete_arch_is(guest, "riscv") || complete_arch_is(guest, "loongarch") ||
	     complete_arch_is(guest, "s390x")))
		return "virtio";
	if (has_graphics(guest, "spice") && uses_gl(guest))
		return "virtio";
	if (hypervisor_allows(guest->host, models, "virtio") &&
	    os_supports(guest->os, OS_VIRTIO_GPU))
		return "virtio";
	if (complete_is_x86(guest) && qxl && has_graphics(guest, "spice") &&
	    (complete_is_qemu(guest) || complete_is_test(guest)))
		return "qxl";
	if (complete_has_uefi(guest) && complete_is_arm(guest))
		return "ramfb";
	if (complete_has_uefi(guest) && hypervisor_allows(guest->host, models, "bochs"))
		return "bochs";
	return "vga";
}

void complete_one_video(struct guest *guest, struct xml_element *video)
{
	auto_free char *model = NULL;

	if (!path_has(video, "model/@type"))
		path_set(video, "model/@type", default_video(guest));
	model = path_get(video, "model/@type");
	if (text_equal(model, "virtio") && uses_gl(guest))
		complete_default(video, "model/acceleration/@accel3d", "yes");
}

static void complete_video(struct guest *guest)
{
	if (!complete_count(guest, "video") && !guest_declines(guest, "video"))
		complete_add(guest, "video");
	complete_each(guest, "video");
}

// All controllers of USB are off: nothing can be plugged into them.
static bool has_no_usb(const struct guest *guest)
{
	bool any = false;

	for (struct xml_element *c = xml_child(guest->devices, "controller"); c;
	     c = xml_next(c, "controller")) {
		auto_free char *type = path_get(c, "@type"), *model = path_get(c, "@model");

		if (!text_equal(type, "usb"))
			continue;
		if (!text_equal(model, "none"))
			return false;
		any = true;
	}
	return any;
}

static void add_input(struct guest *guest, const char *type, const char *bus)
{
	struct xml_element *input = complete_add(guest, "input");

	path_set(input, "@type", type);
	path_set(input, "@bus", bus);
}

static void complete_inputs(struct guest *guest)
{
	if (complete_count(guest, "input") || guest_declines(guest, "input") || has_no_usb(guest) ||
	    !complete_is_hvm(guest))
		return;
	if (complete_arch_is(guest, "s390x")) {
		if (os_supports(guest->os, OS_VIRTIO_INPUT)) {
			add_input(guest, "tablet", "virtio");
			add_input(guest, "keyboard", "virtio");
		}
		return;
	}
	add_input(guest, "tablet", "usb");
	if (!complete_is_x86(guest))
		add_input(guest, "keyboard", "usb");
}

// An input device that only its option names.
void complete_one_input(struct guest *guest, struct xml_element *input)
{
	if (path_has(input, "@type"))
		return;
	path_set(input, "@type", complete_is_hvm(guest) ? "tablet" : "mouse");
	if (complete_is_hvm(guest))
		complete_default(input, "@bus", "usb");
}

static bool is_listed(const struct guest *guest, const char *path, const char *word)
{
	const struct xml_element *list = domain_caps(guest, path);

	return !list || hypervisor_allows(guest->host, path, word);
}

static void add_spice_channel(struct guest *guest)
{
	struct xml_element *channel = complete_add(guest, "channel");

	path_set(channel, "@type", "spicevmc");
	path_set(channel, "target/@type", "virtio");
	path_set(channel, "target/@name", "com.redhat.spice.0");
}

static bool has_channel(const struct guest *guest, const char *type)
{
	auto_free char *path = text_format("channel[@type='%s']", type);

	return path_find(guest->devices, path) != NULL;
}

void complete_spice_extras(struct guest *guest)
{
	if (!guest_declines(guest, "channel") && !has_channel(guest, "spicevmc") &&
	    !has_channel(guest, "qemu-vdagent") &&
	    is_listed(guest, "devices/channel/enum[@name='type']", "spicevmc"))
		add_spice_channel(guest);
	if (!complete_count(guest, "sound") && !guest_declines(guest, "sound"))
		complete_add(guest, "sound");
	if (!complete_is_x86(guest) || !complete_is_hvm(guest) ||
	    complete_count(guest, "redirdev") || guest_declines(guest, "redirdev") ||
	    has_no_usb(guest) || !is_listed(guest, "devices/redirdev/enum[@name='bus']", "usb"))
		return;
	for (int i = 0; i < 2; i++) {
		struct xml_element *redirection = complete_add(guest, "redirdev");

		path_set(redirection, "@bus", "usb");
		path_set(redirection, "@type", "spicevmc");
	}
}

void complete_one_sound(struct guest *guest, struct xml_element *sound)
{
	complete_default(sound, "@model", complete_is_pcie(guest) ? "ich9" : "ich6");
}

static bool wants_graphics(const struct guest *guest)
{
	if (complete_is_container(guest))
		return text_equal(guest->host->scheme, "vz");
	return complete_is_x86(guest) || complete_machine_is(guest, "pseries") ||
	       complete_arch_is(guest, "loongarch64") || complete_is_virt(guest);
}

void complete_display(struct guest *guest)
{
	if (!complete_count(guest, "graphics") && !guest_declines(guest, "graphics") &&
	    wants_graphics(guest))
		complete_add(guest, "graphics");
	complete_each(guest, "graphics");
	complete_each(guest, "input");
	if (complete_count(guest, "graphics") && complete_is_hvm(guest)) {
		complete_video(guest);
		complete_inputs(guest);
	}
	if (has_graphics(guest, "spice") && (complete_is_qemu(guest) || complete_is_test(guest)))
		complete_spice_extras(guest);
	complete_each(guest, "sound");
}
