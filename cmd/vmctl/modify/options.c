// SPDX-License-Identifier: GPL-3.0-or-later
// The options of `modify`: those of the guest come from their registry.
#include <stddef.h>

#include "base/list.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/modify/modify.h"
#include "guest/convert.h"
#include "plan/guest_options.h"
#include "storage/storage.h"
#include "virt/hosts.h"
#include "virt/kinds.h"

static const struct guest_option *const conversions[] = {&convert_q35_option, &convert_vnc_option,
							 &machine_option, NULL};

const struct guest_option *modify_option_at(unsigned index)
{
	unsigned known = 0;

	while (option_at(known))
		known++;
	return index < known ? option_at(index) : conversions[index - known];
}

const struct suboption_table *modify_table(const char *name)
{
	const struct guest_option *option;

	for (unsigned i = 0; (option = modify_option_at(i)); i++)
		if (text_equal(option_name(option), name))
			return &option->table;
	return text_equal(name, "check") ? &storage_check_table : NULL;
}

static void suboptions(struct call *call, struct list *found)
{
	guest_options_complete(call, modify_table, found);
}

static void selectors(struct call *call, struct list *found)
{
	(void)call;
	list_add(found, "all");
}

static void machines(struct call *call, struct list *found)
{
	(void)call;
	list_add(found, "auto");
}

// clang-format off
#define CONVERSION(name_, help_) \
	{ .kind = OPTION_TEXT, .traits = VALUE_OPTIONAL, .name = (name_), .value = "sub-options", \
	  .candidates = suboptions, .help = (help_) }

const struct option modify_options[] = {
	{.kind = OPTION_TEXT,
	 .letter = 'c',
	 .name = "connect",
	 .candidates = hosts_candidates,
	 .help = "hypervisor to connect to"},
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "domain",
	 .value = "guest",
	 .object = &kind_domain,
	 .help = "guest that is changed; without one domain XML is read from standard input, and "
		 "written to standard output"},
	{.kind = OPTION_TEXT,
	 .traits = VALUE_OPTIONAL,
	 .name = "edit",
	 .value = "which",
	 .candidates = selectors,
	 .help = "change what the option says: of the first device of its kind, of the N-th, of "
		 "all, or of those that have what WHICH names, as in target=vda"},
	FLAG("add-device", 0, "add the device that the option describes"),
	FLAG("remove-device", 0, "take devices away: the option has a number, all, or what they have"),
	FLAG("build-xml", 0, "only show the XML of the device that the option describes"),
	GUEST_OPTIONS(GUEST_ROW)
	CONVERSION("convert-to-q35", "with --edit: make a machine of i440FX a q35; "
		   "num_pcie_root_ports=N"),
	CONVERSION("convert-to-vnc", "with --edit: a VNC display in the place of SPICE; "
		   "qemu-vdagent=on keeps the clipboard"),
	{.kind = OPTION_TEXT,
	 .name = "machine",
	 .value = "type",
	 .candidates = machines,
	 .help = "with --edit: the type of machine; auto is the nearest one that the host has, for "
		 "guests of other distributions"},
	{.kind = OPTION_TEXT,
	 .name = "osinfo",
	 .value = "name",
	 .candidates = guest_options_systems,
	 .help = "with --add-device: operating system of the guest, which defaults follow; list "
		 "names them"},
	FLAG("define", 0, "change the definition, with --print-xml, --print-diff or XML on standard "
	     "input too"),
	FLAG("no-define", 0, "leave the definition as it is"),
	FLAG("update", 0, "change the guest as it runs, too"),
	FLAG("start", 0, "start the guest; with --no-define, as changed but only for this time"),
	FLAG("print-diff", 0, "only show what would change"),
	FLAG("print-xml", 0, "only show the XML as it would be"),
	FLAG("confirm", 0, "show what will change and ask before each step"),
	FLAG("dry-run", 0, "check everything, change nothing; the exit status is 10 where something "
	     "would change"),
	PLAN_CHECK(suboptions),
	PLAN_QUIET,
	PLAN_HOST(HIDDEN),
	GUEST_ALIASES,
	PLAN_OLD("virt-xml", 'd', "debug"),
	PLAN_OLD("virt-xml", 0, "prompt"),
	END,
};
// clang-format on

const struct rule modify_rules[] = {
	EXCLUSIVE("define", "no-define"),
	EXCLUSIVE("update", "start"),
	EXCLUSIVE("dry-run", "confirm"),
	RULES_END,
};
