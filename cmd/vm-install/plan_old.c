// SPDX-License-Identifier: GPL-3.0-or-later
// Older options of virt-install, which say what the newer ones do.
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/plan.h"
#include "guest/guest.h"
#include "guest/identity.h"
#include "guest/option.h"
#include "xml/document.h"
#include "xml/path.h"

static int add(struct installation *installation, const char *option, const char *text,
	       struct error *err)
{
	return option_apply(option_named(option), OPTION_ADD, installation->guest, NULL, text, err);
}

static int conflict(const char *old, const char *option, struct error *err)
{
	return error_set(err, STATUS_USAGE, "Cannot use --%s and --%s at the same time", old,
			 option);
}

// --file PATH, each with a --file-size, and --nonsparse for all.
static int add_files(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	const struct list *files = argument_list(call, "file");
	const struct list *sizes = argument_list(call, "file-size");

	if (files->count && argument_given(call, "disk"))
		return conflict("file", "disk", err);
	if (sizes->count > files->count)
		return error_set(err, STATUS_USAGE, "there are more --file-size than --file");
	for (size_t i = 0; i < files->count; i++) {
		auto_text struct text text = {0};

		text_append_format(&text, "path=\"%s\"", files->items[i]);
		if (i < sizes->count)
			text_append_format(&text, ",size=%s", sizes->items[i]);
		if (argument_flag(call, "nonsparse"))
			text_append(&text, ",sparse=no");
		if (add(installation, "disk", text_string(&text), err) < 0)
			return -1;
	}
	return 0;
}

// --bridge NAME and --mac ADDRESS, the first with the first and so on. A MAC address alone is that
// of an interface that --network names without one, or of the default one.
static int add_networks(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	const struct list *bridges = argument_list(call, "bridge");
	const struct list *macs = argument_list(call, "mac");
	struct xml_element *next = xml_child(installation->guest->devices, "interface");

	if (bridges->count && argument_given(call, "network"))
		return conflict("bridge", "network", err);
	for (size_t i = 0; i < bridges->count || i < macs->count; i++) {
		auto_text struct text text = {0};
		const char *mac = i < macs->count ? macs->items[i] : NULL;

		if (i >= bridges->count && next) {
			auto_free char *random =
				text_equal(mac, "RANDOM") ? identity_mac("qemu") : NULL;

			path_set(next, "mac/@address", random ? random : mac);
			next = xml_next(next, "interface");
			continue;
		}
		if (i < bridges->count)
			text_append_format(&text, "bridge=%s", bridges->items[i]);
		if (mac)
			text_append_format(&text, "%smac=%s", text.length ? "," : "", mac);
		if (add(installation, "network", text_string(&text), err) < 0)
			return -1;
	}
	return 0;
}

// --vnc with --vncport, --vnclisten and --keymap.
static int add_display(struct installation *installation, struct error *err)
{
	static const struct {
		const char *option, *name;
	} values[] = {{"vncport", "port"}, {"vnclisten", "listen"}, {"keymap", "keymap"}};
	struct call *call = installation->call;
	auto_text struct text text = {0};
	bool any = argument_flag(call, "vnc");

	text_append(&text, "vnc");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const struct list *given = argument_list(call, values[i].option);

		any = any || given->count;
		if (given->count)
			text_append_format(&text, ",%s=%s", values[i].name, given->items[0]);
	}
	if (any && argument_given(call, "graphics")) {
		error_set(err, STATUS_USAGE,
			  "Cannot mix --graphics and old style graphical options");
		return error_hint(err, "--graphics vnc,port=,listen=,keymap=");
	}
	return any ? add(installation, "graphics", text_string(&text), err) : 0;
}

int plan_old_options(struct installation *installation, struct error *err)
{
	const struct list *memory = argument_list(installation->call, "ram");
	const struct list *cpusets = argument_list(installation->call, "cpuset");

	if (memory->count && !argument_given(installation->call, "memory") &&
	    add(installation, "memory", memory->items[memory->count - 1], err) < 0)
		return -1;
	for (size_t i = 0; i < cpusets->count; i++) {
		auto_free char *text = text_format("cpuset=%s", cpusets->items[i]);

		if (add(installation, "vcpus", text, err) < 0)
			return -1;
	}
	if (add_files(installation, err) < 0 || add_networks(installation, err) < 0)
		return -1;
	return add_display(installation, err);
}
