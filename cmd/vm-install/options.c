// SPDX-License-Identifier: GPL-3.0-or-later
// The options of vm-install: those of the guest come from their registry.
#include "cmd/vm-install/options.h"

#include "base/list.h"
#include "base/text.h"
#include "cli/call.h"
#include "guest/option.h"
#include "plan/guest_options.h"
#include "virt/hosts.h"

static void domain_types(struct call *call, struct list *found)
{
	(void)call;
	list_add(found, "kvm");
	list_add(found, "qemu");
}

const struct suboption_table *options_table(const char *name)
{
	const struct guest_option *option = option_named(name);

	if (option)
		return &option->table;
	for (const struct suboption_table *const *table = install_tables; *table; table++)
		if (text_equal((*table)->option + 2, name))
			return *table;
	return NULL;
}

static void suboptions(struct call *call, struct list *found)
{
	guest_options_complete(call, options_table, found);
}

static void add_words(const char *words, struct list *found)
{
	auto_list struct list all = list_split(words, " ");

	for (size_t i = 0; i < all.count; i++)
		list_add(found, all.items[i]);
}

static void consoles(struct call *call, struct list *found)
{
	(void)call;
	add_words("text graphical none", found);
}

static void phases(struct call *call, struct list *found)
{
	(void)call;
	add_words("1 2 all", found);
}

// clang-format off
#define SUBOPTIONS(letter_, traits_, name_, help_) \
	{ .kind = OPTION_TEXT, .traits = (traits_), .letter = (letter_), .name = (name_), \
	  .value = "sub-options", .candidates = suboptions, .help = (help_) }
#define VALUE(letter_, traits_, name_, value_, help_) \
	{ .kind = OPTION_TEXT, .traits = (traits_), .letter = (letter_), .name = (name_), \
	  .value = (value_), .help = (help_) }
#define SWITCH(letter_, traits_, name_, help_) \
	{ .kind = OPTION_FLAG, .traits = (traits_), .letter = (letter_), .name = (name_), \
	  .help = (help_) }
#define OLD(letter_, name_) PLAN_OLD("virt-install", (letter_), (name_))
#define OLD_VALUE(letter_, name_, help_) \
	{ .kind = OPTION_TEXT, .traits = HIDDEN | REPEATS, .letter = (letter_), .name = (name_), \
	  .help = (help_) }
// clang-format on

const struct option install_options[] = {
	NAMED("connect", hosts_candidates, "hypervisor to connect to"),
	VALUE('n', 0, "name", "name",
	      "name of the new guest (default: that of its operating system)"),
	VALUE('u', HIDDEN, "uuid", "UUID", "UUID of the new guest"),
	VALUE(0, HIDDEN, "description", "text", "what it is for"),
	GUEST_OPTIONS(GUEST_ROW)
		VALUE('c', 0, "cdrom", "file", "CD image that it is installed from"),
	SUBOPTIONS('l', 0, "location",
		   "installation tree that it is installed from: a directory, an ISO image or a "
		   "URL; kernel= and initrd= name the files"),
	VALUE('x', REPEATS, "extra-args", "arguments", "arguments for the kernel of --location"),
	VALUE(0, REPEATS, "initrd-inject", "file", "file for the top of the initrd of --location"),
	FLAG("pxe", 0, "install it over the network"),
	FLAG("import", 0, "its disk has a system already"),
	SUBOPTIONS(0, 0, "install",
		   "how it is installed: the name of a system, or bootdev=, kernel="),
	VALUE(0, 0, "reinstall", "guest", "install this guest, which there is, again"),
	SUBOPTIONS(0, VALUE_OPTIONAL, "unattended", "install it without questions"),
	SUBOPTIONS(0, VALUE_OPTIONAL, "cloud-init", "tell a cloud image what to become"),
	{.kind = OPTION_TEXT,
	 .name = "osinfo",
	 .value = "name",
	 .candidates = guest_options_systems,
	 .help = "operating system of the guest, which many defaults follow; list names them"},
	{.kind = OPTION_TEXT,
	 .name = "virt-type",
	 .candidates = domain_types,
	 .help = "kvm or qemu (default: kvm where it works, found out by trying)"},
	NAMED("machine", NULL, "machine type, such as q35"),
	NAMED("arch", NULL, "architecture of the guest"),
	SWITCH('p', 0, "paravirt", "a paravirtualised guest of Xen"),
	FLAG("container", 0, "a container"),
	VALUE(0, 0, "init", "path", "program that a container runs"),
	{.kind = OPTION_TEXT,
	 .traits = VALUE_OPTIONAL,
	 .name = "print-xml",
	 .value = "phase",
	 .candidates = phases,
	 .help = "only show its XML: of the installation (1), of the installed guest (2), or of "
		 "all (all)"},
	FLAG("dry-run", 0, "check everything, make nothing"),
	FLAG("explain", 0, "say of each element of the XML where it comes from"),
	FLAG("if-not-exists", 0, "do nothing where there is a guest of this name"),
	FLAG("replace", 0, "remove a guest of this name first, but for its disks"),
	FLAG("keep", 0, "on failure keep what was made, to look at it"),
	FLAG("transient", 0, "do not define it: it is gone when it stops"),
	FLAG("destroy-on-exit", 0, "stop it when its console is left"),
	{.kind = OPTION_TEXT,
	 .name = "autoconsole",
	 .candidates = consoles,
	 .help = "what is shown once it runs: text, graphical or none (default: text, on a "
		 "terminal)"},
	FLAG("noautoconsole", 0, "do not show its console"),
	NAMED("until", NULL, "show its console until this text appears; needs no terminal"),
	{.kind = OPTION_INTEGER,
	 .traits = VALUE_OPTIONAL,
	 .name = "wait",
	 .value = "minutes",
	 .most = 100000,
	 .least = -1,
	 .help = "longest time to wait until it stops"},
	FLAG("noreboot", 0, "leave it off when it is installed"),
	FLAG("autostart", 0, "start it whenever the host starts"),
	PLAN_CHECK(suboptions),
	PLAN_QUIET,
	PLAN_HOST(0),
	// Older names of all that.
	GUEST_ALIASES,
	ALIAS("nodisks", "disk=none"),
	ALIAS("nonetworks", "network=none"),
	ALIAS("nographics", "graphics=none"),
	ALIAS("noacpi", "features=acpi=off"),
	ALIAS("noapic", "features=apic=off"),
	ALIAS("print-step", "print-xml"),
	ALIAS("sdl", "graphics=sdl"),
	OLD('d', "debug"),
	OLD('v', "hvm"),
	OLD(0, "livecd"),
	OLD(0, "prompt"),
	OLD(0, "accelerate"),
	OLD(0, "check-cpu"),
	OLD(0, "nonsparse"),
	OLD(0, "vnc"),
	OLD_VALUE(0, "os-type", "for command lines of virt-install; it changes nothing"),
	OLD_VALUE('r', "ram", "older than --memory"),
	OLD_VALUE('f', "file", "older than --disk: its path"),
	OLD_VALUE('s', "file-size", "older than --disk: its size"),
	OLD_VALUE('b', "bridge", "older than --network bridge="),
	OLD_VALUE('m', "mac", "older than --network mac="),
	OLD_VALUE(0, "vncport", "older than --graphics vnc,port="),
	OLD_VALUE(0, "vnclisten", "older than --graphics vnc,listen="),
	OLD_VALUE('k', "keymap", "older than --graphics vnc,keymap="),
	OLD_VALUE(0, "cpuset", "older than --vcpus cpuset="),
	END,
};

const struct rule install_rules[] = {
	EXCLUSIVE("cdrom", "location", "pxe"),
	EXCLUSIVE("if-not-exists", "replace"),
	EXCLUSIVE("paravirt", "container", "hvm"),
	REQUIRES("domain-caps", "host-caps"),
	RULES_END,
};
