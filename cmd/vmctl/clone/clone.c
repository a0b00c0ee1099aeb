// SPDX-License-Identifier: GPL-3.0-or-later
// `clone`: a guest that is like another one, and in the way of none. Its options are virt-clone's.
#include <libvirt/libvirt.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "guest/guest.h"
#include "output/report.h"
#include "plan/guest_options.h"
#include "virt/hosts.h"

static void dry(struct cloner *cloner)
{
	struct call *call = cloner->call;

	result_plan(cloner);
	report_value(call->report, "dry_run", value_boolean(true));
	report_message(call->report, cloner->planned
					     ? "Planned for another host: nothing was made.\n"
					     : "Dry run: nothing was made.\n");
	if (argument_flag(call, "dry-run"))
		call->status = STATUS_CHANGES;
}

static int show_xml(struct cloner *cloner)
{
	auto_free char *xml = guest_xml(cloner->guest, PHASE_LASTING);

	report_document(cloner->call->report, "xml", xml);
	return 0;
}

static int clone(struct call *call, struct error *err)
{
	auto_cloner struct cloner cloner = {.call = call, .frozen = -1};

	if (plan_clone(&cloner, err) < 0 || reset_plan(&cloner, err) < 0)
		return -1;
	for (size_t i = 0; i < cloner.guest->warnings.count; i++)
		call_warning(call, "%s", cloner.guest->warnings.items[i]);
	if (argument_flag(call, "print-xml"))
		return show_xml(&cloner);
	if (argument_flag(call, "dry-run") || cloner.planned) {
		dry(&cloner);
		return 0;
	}
	if (make_clone(&cloner, err) < 0)
		return -1;
	result_plan(&cloner);
	report_value(call->report, "dry_run", value_boolean(false));
	if (cloner.running)
		report_value(call->report, "frozen",
			     cloner.frozen < 0 ? value_absent() : value_integer(cloner.frozen));
	report_message(call->report, "Clone '%s' created successfully.\n", cloner.name);
	return 0;
}

static const char *const resetters[] = {"agent", "cloud-init", NULL};
static const char *const reflinks[] = {"auto", "always", "never", NULL};

// clang-format off
#define VALUE(letter_, traits_, name_, value_, help_) \
	{ .kind = OPTION_TEXT, .traits = (traits_), .letter = (letter_), .name = (name_), \
	  .value = (value_), .help = (help_) }
// clang-format on

static const struct option clone_options[] = {
	NAMED("connect", hosts_candidates, "hypervisor to connect to"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .letter = 'o',
	 .name = "original",
	 .value = "guest",
	 .object = &kind_domain,
	 .help = "guest that is cloned; as a bare word it needs no --auto-clone"},
	VALUE('n', POSITIONAL, "name", "name", "name of the clone"),
	NAMED("original-xml", NULL, "XML file of the guest that is cloned"),
	{.kind = OPTION_TEXT,
	 .name = "from",
	 .value = "snapshot",
	 .object = &kind_snapshot,
	 .help = "clone what this snapshot of it holds"},
	FLAG("auto-clone", 0, "make up the name and the paths of the disks"),
	VALUE('u', HIDDEN, "uuid", "UUID", "UUID of the clone"),
	VALUE('f', REPEATS, "file", "path",
	      "path of the clone's next disk, of those that are copied"),
	NAMED("nvram", NULL, "path of its firmware's variables"),
	VALUE('m', REPEATS, "mac", "address",
	      "address of its next network card (default: a random one)"),
	VALUE(0, REPEATS, "force-copy", "target",
	      "copy this disk though it is read-only or shareable, such as hdc"),
	VALUE(0, REPEATS, "skip-copy", "target", "leave both guests this disk, such as vda"),
	{.kind = OPTION_TEXT,
	 .traits = VALUE_OPTIONAL,
	 .name = "reflink",
	 .value = "when",
	 .words = reflinks,
	 .help = "share blocks until one of both writes, where the file system can: auto, always "
		 "or never (default: auto)"},
	FLAG("overlay", 0,
	     "overlays of the original's disks: at once, but the original must not run any more"),
	FLAG("nonsparse", 0, "take all of the disks' room at once"),
	FLAG("preserve-data", 0, "copy nothing: the files of --file are there already"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "reset",
	 .value = "what",
	 .candidates = reset_candidates,
	 .help = "what inside of it is to be its own, with commas: machine-id, ssh-host-keys, "
		 "hostname"},
	{.kind = OPTION_TEXT,
	 .name = "reset-by",
	 .value = "how",
	 .words = resetters,
	 .help = "agent: it is started for that, without network; cloud-init: at its first boot "
		 "(default: agent, where the guest has its channel)"},
	FLAG("replace", 0, "remove a guest of its name first, but for its disks"),
	PLAN_CHECK(NULL),
	FLAG("print-xml", 0, "only show its XML"),
	FLAG("dry-run", 0, "check everything, make nothing; the exit status is 10"),
	PLAN_QUIET,
	PLAN_HOST(HIDDEN),
	PLAN_OLD("virt-clone", 'd', "debug"),
	PLAN_OLD("virt-clone", 0, "prompt"),
	END,
};

static const struct rule clone_rules[] = {
	EXCLUSIVE("original", "original-xml"),
	EXCLUSIVE("overlay", "nonsparse", "preserve-data", "from"),
	EXCLUSIVE("overlay", "reflink"),
	EXCLUSIVE("print-xml", "dry-run"),
	REQUIRES("from", "original"),
	REQUIRES("reset-by", "reset"),
	RULES_END,
};

const struct command clone_command = {
	.name = "clone",
	.traits = COMMAND_GNU | COMMAND_ALONE,
	.target = &(const struct target){&kind_domain, "original", BY_ANY, 0},
	.options = clone_options,
	.rules = clone_rules,
	.results = clone_results,
	.summary = "make a guest that is like another one",
	.description =
		"Copies a guest: its definition with another name, UUID and network addresses, and "
		"its disks. By reflink a disk is copied in milliseconds where the file system can "
		"(Btrfs, XFS); otherwise all of its data is. Read-only and shareable disks are "
		"shared. A running guest is copied as it is at one moment, with its file systems "
		"frozen where an agent answers. On a failure nothing of the clone is left behind.",
	.run = clone,
};
