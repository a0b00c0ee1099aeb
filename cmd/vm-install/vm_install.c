// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/vm_install.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "cli/call.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cmd/vm-install/run.h"
#include "guest/guest.h"
#include "guest/os.h"
#include "guest/suboption.h"
#include "virt/hosts.h"

static void os_candidates(struct call *call, struct list *found)
{
	(void)call;
	os_names(found);
	list_add(found, "list");
}

static void domain_types(struct call *call, struct list *found)
{
	(void)call;
	list_add(found, "kvm");
	list_add(found, "qemu");
}

// The names behind the last comma.
static void suboptions(struct call *call, struct list *found)
{
	const char *comma = strrchr(call->typed, ',');
	int before = comma ? (int)(comma + 1 - call->typed) : 0;
	auto_list struct list names = {0};

	suboptions_names(guest_suboptions(call->option->name), &names);
	for (size_t i = 0; i < names.count; i++)
		list_add_format(found, "%.*s%s=", before, call->typed, names.items[i]);
}

static const char *const consoles[] = {"text", "graphical", "none", NULL};
static const char *const phases[] = {"1", "2", "all", NULL};

// clang-format off
#define SUBOPTIONS(name_, help_) \
	{ .kind = OPTION_TEXT, .traits = REPEATS, .name = (name_), .value = "sub-options", \
	  .candidates = suboptions, .help = (help_) }
// What virt-install took once, or takes without need: every guest is fully virtualised unless its
// options say otherwise, and this program never asks.
#define OLD_FLAG(letter_, name_) \
	{ .kind = OPTION_FLAG, .traits = HIDDEN, .letter = (letter_), .name = (name_), \
	  .help = "for command lines of virt-install; it changes nothing" }
// clang-format on

static const struct option options[] = {
	NAMED("connect", hosts_candidates, "hypervisor to connect to"),
	{.kind = OPTION_TEXT,
	 .letter = 'n',
	 .name = "name",
	 .help = "name of the new guest (default: that of its operating system)"},
	SUBOPTIONS("memory", "its memory in MiB, or with a unit"),
	ALIAS("ram", "memory"),
	SUBOPTIONS("vcpus", "how many vCPUs it has, and their topology"),
	SUBOPTIONS("cpu", "its CPU model and features"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "disk",
	 .value = "sub-options",
	 .candidates = suboptions,
	 .help = "a disk: path=FILE, size=GIB, pool=, vol=POOL/VOLUME, format=, bus= and more"},
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .letter = 'w',
	 .name = "network",
	 .value = "sub-options",
	 .candidates = suboptions,
	 .help = "a network interface: default, user, bridge=NAME, network=NAME, model=, mac="},
	ALIAS("nodisks", "disk=none"),
	ALIAS("nonetworks", "network=none"),
	SUBOPTIONS("graphics", "its display: spice, vnc or none"),
	ALIAS("nographics", "graphics=none"),
	SUBOPTIONS("serial", "a serial port"),
	SUBOPTIONS("console", "a text console"),
	SUBOPTIONS("boot", "what it boots: uefi, hd,cdrom,network, kernel=,initrd=,cmdline="),
	{.kind = OPTION_TEXT,
	 .letter = 'c',
	 .name = "cdrom",
	 .value = "file",
	 .help = "CD image that it is installed from"},
	{.kind = OPTION_TEXT,
	 .letter = 'l',
	 .name = "location",
	 .value = "directory",
	 .help = "installation tree that it is installed from; kernel= and initrd= name the files"},
	{.kind = OPTION_TEXT,
	 .letter = 'x',
	 .name = "extra-args",
	 .value = "arguments",
	 .help = "arguments for the kernel of --location"},
	FLAG("pxe", 0, "install it over the network"),
	FLAG("import", 0, "its disk has a system already"),
	{.kind = OPTION_TEXT,
	 .name = "osinfo",
	 .value = "name",
	 .candidates = os_candidates,
	 .help = "operating system of the guest, which many defaults follow; list names them"},
	ALIAS("os-variant", "osinfo"),
	{.kind = OPTION_TEXT,
	 .name = "virt-type",
	 .candidates = domain_types,
	 .help = "kvm or qemu (default: kvm where it works, found out by trying)"},
	NAMED("machine", NULL, "machine type, such as q35"),
	NAMED("arch", NULL, "architecture of the guest"),
	{.kind = OPTION_TEXT,
	 .traits = VALUE_OPTIONAL,
	 .name = "print-xml",
	 .value = "phase",
	 .words = phases,
	 .help = "only show its XML: of the installation (1), of the installed guest (2), or all"},
	ALIAS("print-step", "print-xml"),
	FLAG("dry-run", 0, "check everything, make nothing"),
	{.kind = OPTION_TEXT,
	 .name = "autoconsole",
	 .words = consoles,
	 .help = "what is shown once it runs (default: text, on a terminal)"},
	FLAG("noautoconsole", 0, "do not show its console"),
	NAMED("until", NULL, "show its console until this text appears; needs no terminal"),
	{.kind = OPTION_INTEGER,
	 .traits = VALUE_OPTIONAL,
	 .name = "wait",
	 .value = "minutes",
	 .most = 100000,
	 .least = -1,
	 .help = "wait until it stops, at most so long"},
	FLAG("noreboot", 0, "leave it off when it is installed"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "check",
	 .value = "sub-options",
	 .help = "checks that only warn: path_in_use=off, disk_size=, path_exists=, mac_in_use=, "
		 "all="},
	FLAG("autostart", 0, "start it whenever the host starts"),
	{.kind = OPTION_FLAG,
	 .traits = ASKS_QUIET,
	 .letter = 'q',
	 .name = "quiet",
	 .help = "say nothing but errors"},
	ALIAS("force", "check=all=off"),
	OLD_FLAG('d', "debug"),
	OLD_FLAG('v', "hvm"),
	OLD_FLAG(0, "prompt"),
	NAMED("host-caps", NULL, "plan for a host whose capabilities are in this file"),
	NAMED("domain-caps", NULL, "and whose domain capabilities are in this one"),
	NAMED("host-uri", NULL, "and which would be reached so"),
	END,
};

static const struct rule rules[] = {
	EXCLUSIVE("cdrom", "location"),    EXCLUSIVE("cdrom", "pxe"),
	EXCLUSIVE("cdrom", "import"),      EXCLUSIVE("location", "pxe"),
	EXCLUSIVE("location", "import"),   EXCLUSIVE("pxe", "import"),
	EXCLUSIVE("print-xml", "dry-run"), REQUIRES("domain-caps", "host-caps"),
	REQUIRES("host-uri", "host-caps"), RULES_END,
};

static const struct command install_command = {
	.name = "vm-install",
	.options = options,
	.rules = rules,
	.summary = "install and start a new guest",
	.run = run_install,
};

static const struct command *const commands[] = {&help_command, &complete_command, NULL};
static const struct group program_groups[] = {
	{"Program", "program", commands},
	{NULL, NULL, NULL},
};
static const struct option no_options[] = {END};
static const struct command globals = {.name = "vm-install", .options = no_options};

static const char *const peers[] = {"virt-install", NULL};

const struct program vm_install_program = {
	.name = "vm-install",
	.summary = "install a new virtual machine from one command line",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = program_groups,
	.otherwise = &install_command,
	.peers = peers,
};
