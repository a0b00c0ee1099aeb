// SPDX-License-Identifier: GPL-3.0-or-later
// --convert-to-q35 and --convert-to-vnc. What they do to which device is virt-xml's.
#include "guest/convert.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/follow.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "xml/document.h"
#include "xml/path.h"

struct q35_wish {
	char *ports; // of PCIe for devices that are plugged in; NULL: as many as a new guest gets
};

static void wish_clear(struct q35_wish *wish)
{
	free(wish->ports);
}

static const struct suboption q35_rows[] = {
	KEEP("num_pcie_root_ports", NULL, INTEGER, struct q35_wish, ports),
	ROWS_END,
};

static bool is_at(const struct xml_element *element, const char *path, const char *value)
{
	auto_free char *own = path_get(element, path);

	return text_equal(own, value);
}

// What a device of i440FX is on q35; its place on the bus is another one.
static int to_q35(struct guest *guest, struct xml_element *device, struct error *err)
{
	const char *name = xml_name(device);
	bool pci = is_at(device, "address/@type", "pci");

	if (text_equal(name, "sound") && is_at(device, "@model", "ich6"))
		path_set(device, "@model", "ich9");
	if (text_equal(name, "interface") && is_at(device, "model/@type", "e1000"))
		path_set(device, "model/@type", "e1000e");
	if (text_equal(name, "disk") && is_at(device, "target/@bus", "ide")) {
		path_set(device, "target/@bus", "sata");
		path_remove(device, "target/@dev");
		path_remove(device, "address");
		return complete_one_disk(guest, device, err);
	}
	if (pci)
		path_remove(device, "address");
	return 0;
}

static int convert_to_q35(struct option_edit *edit, const char *text, struct error *err)
{
	__attribute__((cleanup(wish_clear))) struct q35_wish wish = {0};
	struct suboption_target target = {.guest = edit->guest, .data = &wish};
	struct guest *guest = edit->guest;
	struct xml_element *next;
	int failed = 0;

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0)
		return -1;
	path_set(guest->domain, "os/type/@machine", "q35");
	for (struct xml_element *d = xml_child(guest->devices, NULL); d && !failed; d = next) {
		bool bus = is_at(d, "@type", "pci") || is_at(d, "@type", "ide");

		next = xml_next(d, NULL);
		if (text_equal(xml_name(d), "controller") && bus)
			xml_remove(d);
		else
			failed = to_q35(guest, d, err);
	}
	complete_pcie(guest, wish.ports ? (int)strtol(wish.ports, NULL, 10) : PCIE_ROOT_PORTS);
	return failed;
}

const struct guest_option convert_q35_option = {
	.home = ".",
	.traits = OPTION_NEEDS_HOST,
	.table = {.option = "--convert-to-q35", .leading = AKA(NULL), .groups = GROUPS(q35_rows)},
	.apply = convert_to_q35,
};

struct vnc_wish {
	bool agent;
};

static const struct suboption vnc_rows[] = {
	KEEP_BOOL("qemu-vdagent", NULL, struct vnc_wish, agent),
	ROWS_END,
};

// Drawing with the host's graphics card goes on without SPICE.
static void keep_drawing(struct guest *guest)
{
	struct xml_element *spice = path_find(guest->devices, "graphics[@type='spice']"), *added;
	auto_free char *node = spice ? path_get(spice, "gl/@rendernode") : NULL;

	if (!spice || !is_at(spice, "gl/@enable", "yes"))
		return;
	added = complete_add(guest, "graphics");
	path_set(added, "@type", "egl-headless");
	if (node)
		path_set(added, "gl/@rendernode", node);
}

// The clipboard's channel, which is VNC's too; NULL where it was there.
static struct xml_element *add_agent(struct guest *guest)
{
	struct xml_element *channel;

	if (path_find(guest->devices, "channel[@type='qemu-vdagent']"))
		return NULL;
	channel = complete_add(guest, "channel");
	path_set(channel, "@type", "qemu-vdagent");
	path_set(channel, "target/@type", "virtio");
	path_set(channel, "target/@name", "com.redhat.spice.0");
	return channel;
}

static void hand_over(const struct xml_element *from, const char *path, struct xml_element *to,
		      const char *place)
{
	auto_free char *value = path_get(from, path);

	if (value)
		path_set(to, place, value);
}

// Of a display what VNC has too stays.
static void make_vnc(struct xml_element *graphics, struct xml_element *agent)
{
	static const char *const gone[] = {"@tlsPort",     "@defaultMode", "@connected", "@display",
					   "@xauth",       "image",        "streaming",  "jpeg",
					   "zlib",         "playback",     "clipboard",  "mouse",
					   "filetransfer", "gl",           "channel"};

	if (agent) {
		hand_over(graphics, "clipboard/@copypaste", agent, "source/clipboard/@copypaste");
		hand_over(graphics, "mouse/@mode", agent, "source/mouse/@mode");
	}
	path_set(graphics, "@type", "vnc");
	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++) {
		if (*gone[i] == '@')
			path_remove(graphics, gone[i]);
		else
			path_remove_all(graphics, gone[i]);
	}
}

static bool is_display(const struct xml_element *graphics)
{
	return !is_at(graphics, "@type", "vnc") && !is_at(graphics, "@type", "egl-headless");
}

static void one_vnc(struct guest *guest, struct xml_element *agent)
{
	struct xml_element *vnc = path_find(guest->devices, "graphics[@type='vnc']"), *next;

	for (struct xml_element *g = xml_child(guest->devices, "graphics"); g; g = next) {
		next = xml_next(g, "graphics");
		if (!is_display(g))
			continue;
		if (vnc) {
			xml_remove(g);
			continue;
		}
		make_vnc(g, agent);
		vnc = g;
		complete_one_graphics(guest, g);
	}
	if (vnc)
		return;
	vnc = complete_add(guest, "graphics");
	path_set(vnc, "@type", "vnc");
	complete_one_graphics(guest, vnc);
}

// QXL is SPICE's card. One that is not the first cannot be of any model.
static void replace_cards(struct guest *guest)
{
	struct xml_element *first = xml_child(guest->devices, "video"), *next;
	bool primary = false;

	for (struct xml_element *v = first; v; v = xml_next(v, "video"))
		primary = primary || is_at(v, "model/@primary", "yes");
	for (struct xml_element *v = first; v; v = next) {
		bool is_first = primary ? is_at(v, "model/@primary", "yes") : v == first;

		next = xml_next(v, "video");
		if (!is_at(v, "model/@type", "qxl"))
			continue;
		xml_clear(v);
		complete_one_video(guest, v);
		if (!is_first && !is_at(v, "model/@type", "virtio"))
			xml_remove(v);
	}
	if (!first)
		complete_one_video(guest, complete_add(guest, "video"));
}

static int convert_to_vnc(struct option_edit *edit, const char *text, struct error *err)
{
	struct vnc_wish wish = {0};
	struct suboption_target target = {.guest = edit->guest, .data = &wish};
	struct guest *guest = edit->guest;
	struct xml_element *agent = NULL;

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0)
		return -1;
	keep_drawing(guest);
	follow_without_spice(guest);
	if (wish.agent)
		agent = add_agent(guest);
	one_vnc(guest, agent);
	replace_cards(guest);
	return 0;
}

const struct guest_option convert_vnc_option = {
	.home = ".",
	.traits = OPTION_NEEDS_HOST,
	.table = {.option = "--convert-to-vnc", .leading = AKA(NULL), .groups = GROUPS(vnc_rows)},
	.apply = convert_to_vnc,
};
