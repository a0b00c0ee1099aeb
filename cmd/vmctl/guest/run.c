// SPDX-License-Identifier: GPL-3.0-or-later
// `run`: a guest for the life of one command.
#include <libvirt/virterror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/condition.h"
#include "cmd/vmctl/guest/exec.h"
#include "cmd/vmctl/options.h"
#include "guest/identity.h"
#include "image/clone.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"

enum { BOOT_SECONDS = 300 };

// Options that are vm-install's, and what stands for one that is not given; NULL for nothing.
static const struct passed {
	const char *name, *otherwise;
} passed[] = {
	{"osinfo", "linux2022"}, {"memory", "1024"},   {"vcpus", NULL},     {"cpu", NULL},
	{"machine", NULL},       {"boot", NULL},       {"disk", NULL},      {"network", NULL},
	{"filesystem", NULL},    {"cloud-init", NULL}, {"virt-type", NULL}, {"graphics", "none"},
};
enum { PASSED = sizeof(passed) / sizeof(*passed) };

struct short_life {
	struct call *call;
	char *name;
	char *overlay; // the disk, on the image
	bool keeps;    // what fails is kept
};

static void remove_overlay(struct short_life *life)
{
	file_remove_path(&life->overlay);
	life->overlay = NULL;
}

static void add_option(struct list *words, const char *name, const char *value)
{
	list_add_format(words, "--%s", name);
	list_add(words, value);
}

// A comma of a path counts for itself when it stands twice.
static char *disk_value(const char *path)
{
	struct text value = {0};

	text_append(&value, "path=");
	for (; *path; path++) {
		text_append_char(&value, *path);
		if (*path == ',')
			text_append_char(&value, ',');
	}
	return text_take(&value);
}

// The program beside ours.
static char *vm_install(void)
{
	char *sibling = process_sibling("vm-install");

	return sibling ? sibling : text_copy("vm-install");
}

// The XML that vm-install makes of its options; the caller's.
static char *guest_xml(const struct short_life *life, struct error *err)
{
	auto_free char *uri = virConnectGetURI(session_connection(life->call));
	auto_free char *disk = disk_value(life->overlay);
	auto_list struct list words = {0};

	list_add_owned(&words, vm_install());
	add_option(&words, "connect", uri ? uri : "");
	add_option(&words, "name", life->name);
	add_option(&words, "disk", disk);
	for (size_t i = 0; i < PASSED; i++) {
		const struct list *values = argument_list(life->call, passed[i].name);

		for (size_t j = 0; j < values->count; j++)
			add_option(&words, passed[i].name, values->items[j]);
		if (!values->count && passed[i].otherwise)
			add_option(&words, passed[i].name, passed[i].otherwise);
	}
	list_add(&words, "--import");
	list_add(&words, "--transient");
	list_add(&words, "--noautoconsole");
	list_add(&words, "--print-xml");
	return process_output(
		&(struct process){.argv = (const char *const *)words.items, .bound = true}, err);
}

// Where nothing is kept the guest ends with our connection, and its disk has no name any more: even
// if we are killed nothing is left.
static int start(struct short_life *life, struct error *err)
{
	auto_free char *xml = guest_xml(life, err);
	virDomainPtr domain;

	if (!xml)
		return -1;
	domain = virDomainCreateXML(session_connection(life->call), xml,
				    life->keeps ? 0 : VIR_DOMAIN_START_AUTODESTROY);
	if (!domain)
		return virt_failure(err, "the guest cannot be started");
	life->call->object =
		(struct object){.kind = &kind_domain, .handle = domain, .typed = life->name};
	if (!life->keeps)
		remove_overlay(life);
	return 0;
}

static int wait_for_agent(struct call *call, struct error *err)
{
	long long seconds = argument_given(call, "boot-timeout")
				    ? argument_integer(call, "boot-timeout")
				    : BOOT_SECONDS;

	return condition_wait(call, call_domain(call), "agent", seconds * 1000, err);
}

static void end(struct short_life *life, bool failed)
{
	virDomainPtr domain = life->call->object.handle;

	if (domain && failed && life->keeps) {
		call_note(life->call, "'%s' is kept, and so is its disk %s", life->name,
			  life->overlay);
		free(take(&life->overlay));
		return;
	}
	if (domain && virDomainDestroy(domain) < 0)
		virResetLastError();
}

static int live(struct short_life *life, struct error *err)
{
	struct call *call = life->call;
	const struct cloning cloning = {.source = argument_text(call, "image"),
					.target = life->overlay,
					.method = CLONE_OVERLAY};
	enum clone_method used;

	if (clone_image(&cloning, &used, err) < 0)
		return -1;
	if (start(life, err) < 0 || wait_for_agent(call, err) < 0)
		return -1;
	return exec_run(call, false, err);
}

static int run(struct call *call, struct error *err)
{
	auto_free char *tag = identity_tag(), *image = file_absolute(argument_text(call, "image"));
	auto_free char *directory = file_directory(image);
	struct short_life life = {.call = call, .keeps = argument_flag(call, "keep-on-failure")};
	int failed;

	tag[8] = '\0';
	life.name = text_format("run-%s", tag);
	life.overlay = text_format("%s/%s.qcow2", directory, life.name);
	interrupt_hold();
	failed = live(&life, err);
	end(&life, failed || call->status != 0);
	interrupt_let();
	remove_overlay(&life);
	// The object of the call is named by it.
	call->object.typed = NULL;
	free(life.name);
	return failed;
}

// clang-format off
#define PASSED_ON(name_, help_) \
	{ .kind = OPTION_TEXT, .traits = REPEATS, .name = (name_), .value = "VALUE", .help = (help_) }
// clang-format on

static const struct option options[] = {
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED,
	 .name = "image",
	 .value = "FILE",
	 .help = "backing file of its disk, which stays as it is"},
	PASSED_ON("osinfo", "as of vm-install; linux2022 where it is not given"),
	PASSED_ON("memory", "as of vm-install; 1024 MiB where it is not given"),
	PASSED_ON("vcpus", "as of vm-install"),
	PASSED_ON("cpu", "as of vm-install"),
	PASSED_ON("machine", "as of vm-install"),
	PASSED_ON("boot", "as of vm-install"),
	PASSED_ON("disk", "as of vm-install: another disk"),
	PASSED_ON("network", "as of vm-install"),
	PASSED_ON("filesystem", "as of vm-install"),
	PASSED_ON("cloud-init", "as of vm-install"),
	PASSED_ON("virt-type", "as of vm-install"),
	PASSED_ON("graphics", "as of vm-install; none where it is not given"),
	{.kind = OPTION_INTEGER,
	 .name = "boot-timeout",
	 .value = "SECONDS",
	 .least = 1,
	 .most = 86400,
	 .help = "how long its agent may take to answer, 300 where it is not given"},
	FLAG("keep-on-failure", 0, "leave it running, with its disk, when the command fails"),
	EXEC_OPTIONS,
	EXEC_COMMAND,
	END,
};

static const struct field results[] = {EXEC_FIELDS, FIELDS_END};

const struct command run_command = {
	.name = "run",
	.traits = COMMAND_PROGRAM | COMMAND_ALONE | COMMAND_BARE,
	.options = options,
	.results = results,
	.summary = "run a command in a guest that is there for it alone",
	.description =
		"Makes a guest with a disk on top of the image, waits for its agent, runs the "
		"command as `exec` does, and removes all of it; the image stays as it is. The exit "
		"status is the command's. Should vmctl be killed, the guest goes too.",
	.run = run,
};
