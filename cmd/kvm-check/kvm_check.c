// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/kvm_check.h"

#include "base/error.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/hint.h"
#include "cmd/kvm-check/can.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/compare.h"
#include "cmd/kvm-check/explain.h"
#include "cmd/kvm-check/fix.h"
#include "cmd/kvm-check/modules.h"
#include "cmd/kvm-check/report.h"
#include "cmd/kvm-check/results.h"
#include "cmd/kvm-check/watch.h"
#include "host/guard.h"
#include "host/record.h"
#include "host/recording.h"
#include "output/report.h"

// Whether the probe is to be run in full.
static bool wants_all_stages(struct call *call)
{
	const struct list *groups = argument_list(call, "group");

	return argument_flag(call, "bench") || list_has(groups, "probe") ||
	       list_has(groups, "nested") || list_has(groups, "all");
}

struct recorder {
	const struct host *host;
	const struct recording *recording;
	const char *directory;
	size_t files;
};

static int write_record(void *data, struct error *err)
{
	struct recorder *recorder = data;

	return record_write(recorder->host, recorder->recording, recorder->directory,
			    &recorder->files, err);
}

// Everything that can be checked is looked at, so that every report can be made of the record.
static int record(struct call *call, const char *directory, struct error *err)
{
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_recording struct recording recording = {0};
	auto_examination struct examination x = {
		.host = &host, .probing = true, .full = true, .request.full = true};
	auto_list struct list all = list_split("all qemu lxc ch", " ");
	struct recorder recorder = {.host = &host, .recording = &recording, .directory = directory};

	interrupt_catch();
	if (examination_open(&host, NULL, err) < 0)
		return -1;
	recording_begin(&host, &recording);
	if (examination_run(&x, &all, err) < 0)
		return -1;
	if (guard_try(&guard, write_record, &recorder, err) < 0)
		return -1;
	hint_report(call, "%zu files recorded below %s. kvm-check --root '%s' reports on them.\n",
		    recorder.files, directory, directory);
	return 0;
}

static bool measures(struct call *call)
{
	return argument_flag(call, "bench") && !argument_list(call, "group")->count;
}

// Only the probe, and its figures.
static int bench(struct call *call, struct examination *x)
{
	examination_judged(x);
	x->all_purposes = PURPOSE_GUESTS;
	decision_make(x);
	report_bench(call->report, x);
	call->status = x->verdict.usable ? STATUS_OK : STATUS_CHECK;
	return 0;
}

static enum report_depth depth(struct call *call)
{
	if (argument_flag(call, "quiet"))
		return REPORT_VERDICT;
	return argument_flag(call, "verbose") ? REPORT_ALL : REPORT_FOLDED;
}

// What fails, and guests that cannot use KVM or of whom it is not known, make the check fail.
static bool has_failed(struct call *call, const struct examination *x)
{
	return x->counts[VERDICT_FAIL] ||
	       (examination_about_guests(x) && x->decision.accelerator != ACCELERATOR_KVM) ||
	       (argument_flag(call, "strict") && x->counts[VERDICT_WARN]);
}

static int examine(struct call *call, struct examination *x, struct error *err)
{
	if (examination_open_and_run(x, argument_text(call, "root"), argument_list(call, "group"),
				     err) < 0)
		return -1;
	if (argument_flag(call, "apply"))
		return fix_apply(call, x, err);
	if (argument_flag(call, "fix"))
		fix_report(call, x);
	else
		report_examination(call->report, x, depth(call));
	call->status = has_failed(call, x) ? STATUS_CHECK : STATUS_OK;
	return 0;
}

static int check(struct call *call, struct error *err)
{
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_examination struct examination x = {
		.host = &host,
		.probing = !argument_flag(call, "no-probe"),
		.full = wants_all_stages(call),
	};

	if (argument_flag(call, "list")) {
		report_groups_of_checks(call->report);
		return 0;
	}
	if (argument_given(call, "record"))
		return record(call, argument_text(call, "record"), err);
	x.request = (struct kvm_probe_request){
		.full = x.full,
		.exits = argument_flag(call, "bench") ? 10000 : 0,
		.vcpus = (unsigned)argument_integer(call, "vcpus"),
		.vms = (unsigned)argument_integer(call, "vms"),
	};
	if (!measures(call) && !argument_flag(call, "watch"))
		return examine(call, &x, err);
	if (examination_open(&host, argument_text(call, "root"), err) < 0)
		return -1;
	return argument_flag(call, "watch") ? watch_run(call, &host, err) : bench(call, &x);
}

static void group_names(struct call *call, struct list *found)
{
	(void)call;
	for (const struct check_group *group = check_groups; group->name; group++)
		list_add(found, group->name);
	list_add(found, "all");
}

// clang-format off
static const struct option check_options[] = {
	{.kind = OPTION_FLAG, .letter = 'l', .name = "list", .help = "list the groups of checks"},
	{.kind = OPTION_FLAG, .letter = 'q', .name = "quiet", .help = "show the verdict alone"},
	{.kind = OPTION_FLAG, .letter = 'v', .name = "verbose",
	 .help = "show each check, also those that pass"},
	ALIAS("all", "verbose"),
	{.kind = OPTION_FLAG, .name = "strict", .help = "warnings count as failed, too"},
	{.kind = OPTION_FLAG, .name = "no-probe", .help = "do not run a guest for a moment"},
	{.kind = OPTION_FLAG, .name = "bench", .help = "run the probe in full and show what it measures"},
	{.kind = OPTION_INTEGER, .name = "vcpus", .least = 1, .most = 4096,
	 .help = "vCPUs that the full probe creates"},
	{.kind = OPTION_INTEGER, .name = "vms", .least = 1, .most = 4096,
	 .help = "VMs that the full probe creates"},
	{.kind = OPTION_FLAG, .name = "fix", .help = "write a script that fixes what warns or fails"},
	{.kind = OPTION_FLAG, .name = "apply", .help = "ask, and run what --fix would write"},
	{.kind = OPTION_FLAG, .letter = 'y', .name = "yes", .help = "do not ask"},
	{.kind = OPTION_FLAG, .name = "watch",
	 .help = "show what KVM counts (exits by reason and more), again and again"},
	{.kind = OPTION_INTEGER, .name = "interval", .least = 1, .most = 3600,
	 .help = "seconds between two showings (default: 1)"},
	{.kind = OPTION_INTEGER, .name = "count", .least = 1, .most = 1000000000,
	 .help = "showings (default: until ^C)"},
	{.kind = OPTION_TEXT, .name = "root", .value = "dir",
	 .help = "check the machine that was recorded below this directory"},
	{.kind = OPTION_TEXT, .name = "record", .value = "dir",
	 .help = "record this machine below this new directory, without names, addresses, serial "
		 "numbers"},
	{.kind = OPTION_REST, .traits = POSITIONAL, .name = "group", .candidates = group_names,
	 .help = "check this group (default: what matters to running guests with QEMU)"},
	END,
};
// clang-format on

static const struct rule check_rules[] = {
	EXCLUSIVE("root", "record"),    EXCLUSIVE("root", "apply"),
	EXCLUSIVE("fix", "apply"),      REQUIRES("yes", "apply"),
	REQUIRES("interval", "watch"),  REQUIRES("count", "watch"),
	EXCLUSIVE("quiet", "verbose"),  EXCLUSIVE("record", "no-probe"),
	EXCLUSIVE("bench", "no-probe"), RULES_END,
};

static const struct command kvm_check_command = {
	.name = "kvm-check",
	.traits = COMMAND_OFFLINE | COMMAND_READS,
	.options = check_options,
	.rules = check_rules,
	.results = check_results,
	.summary = "check whether this host can run virtual machines, and how to fix what it lacks",
	.run = check,
};

static const struct command globals = {.name = "kvm-check"};

static const struct command *const commands[] = {
	&can_command,    &compare_command, &explain_command, &modules_command,  &load_command,
	&unload_command, &reload_command,  &help_command,    &complete_command, NULL,
};

static const struct group groups[] = {{"Commands", "commands", commands}, {NULL, NULL, NULL}};

const struct program kvm_check_program = {
	.name = "kvm-check",
	.summary = "can this host run virtual machines, and if not, what is the fix",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = groups,
	.otherwise = &kvm_check_command,
};
