// SPDX-License-Identifier: GPL-3.0-or-later
// `exec`: a command in a guest, as if it ran here.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/relay.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/errand.h"
#include "cmd/vmctl/guest/exec.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "virt/kinds.h"

// A NAME alone has the value that it has here.
static int add_variable(struct list *environment, const char *given, struct error *err)
{
	const char *value = strchr(given, '=') ? "" : getenv(given);

	if (*given == '=' || !*given)
		return error_set(err, STATUS_USAGE, "--env '%s': NAME=VALUE is needed", given);
	if (strchr(given, '='))
		list_add(environment, given);
	else if (value)
		list_add_format(environment, "%s=%s", given, value);
	return 0;
}

static int add_environment(struct call *call, struct errand *errand, struct error *err)
{
	const struct list *given = argument_list(call, "env");

	for (size_t i = 0; i < given->count; i++)
		if (add_variable(&errand->environment, given->items[i], err) < 0)
			return -1;
	return 0;
}

static void report_end(struct call *call, const struct errand_end *end, const struct relay *relay,
		       long long begun, bool detached)
{
	struct report *report = call->report;

	report_value(report, "name", value_text(call_name(call)));
	report_value(report, "pid", end->pid ? value_integer(end->pid) : value_absent());
	report_value(report, "status", detached ? value_absent() : value_integer(end->status));
	report_value(report, "timed_out", value_boolean(end->late));
	if (!detached && report_is_json(report)) {
		report_value(report, "stdout", value_text(relay_text(relay, RELAY_OUTPUT)));
		report_value(report, "stderr", value_text(relay_text(relay, RELAY_ERRORS)));
	}
	report_value(report, "milliseconds", value_integer(clock_milliseconds() - begun));
	if (detached && call->selected && end->pid)
		report_heading(report, "%s: %lld\n", call_name(call), end->pid);
	else if (detached && end->pid)
		report_heading(report, "%lld\n", end->pid);
}

const char *const exec_ways[] = {"agent", "ssh", "auto", NULL};

// Goes the way that is asked for; *BY is the one that it went.
static int go(struct call *call, struct errand *errand, struct relay *relay, struct errand_end *end,
	      unsigned *by, struct error *err)
{
	unsigned via = *by;
	bool forbidden;

	*by = via == VIA_SSH ? VIA_SSH : VIA_AGENT;
	if (via == VIA_SSH)
		return errand_by_ssh(call, errand, relay, end, err);
	if (errand_by_agent(call, errand, relay, end, &forbidden, err) == 0)
		return 0;
	if (!forbidden)
		return -1;
	if (via != VIA_AUTO)
		return error_hint(err, "--via ssh --user NAME runs it by ssh, with a key that is "
				       "there only as long as that takes");
	call_note(call, "'%s': by ssh, since %s", call_name(call), err->message);
	error_clear(err);
	*by = VIA_SSH;
	return errand_by_ssh(call, errand, relay, end, err);
}

static int run_it(struct call *call, struct errand *errand, struct error *err)
{
	auto_relay struct relay relay = {0};
	struct errand_end end = {0};
	long long begun = clock_milliseconds();
	unsigned via = VIA_AGENT;

	if (argument_choice(call, "via", &via, err) < 0)
		return -1;
	relay_begin(&relay, call);
	if (go(call, errand, &relay, &end, &via, err) < 0)
		return error_wrap(err, "'%s': the command cannot be run", call_name(call));
	if (end.late)
		call_warning(call, "'%s': ended after %lld s", call_name(call),
			     errand->timeout / 1000);
	report_value(call->report, "via", value_text(exec_ways[via]));
	report_end(call, &end, &relay, begun, errand->detached);
	call->status = end.status;
	if (call->selected && end.status) {
		call_warning(call, "'%s': exit status %d", call_name(call), end.status);
		call->status = STATUS_PARTIAL;
	}
	return 0;
}

int exec_run(struct call *call, bool detached, struct error *err)
{
	struct errand errand = {.words = argument_list(call, "command"),
				.directory = argument_text(call, "cwd"),
				.user = argument_text(call, "user"),
				.timeout = argument_integer(call, "timeout") * 1000,
				.detached = detached,
				.input = {.fd = -1}};
	int failed = add_environment(call, &errand, err);

	if (!failed && !errand.detached)
		failed = errand_input_begin(call, &errand.input, err);
	if (!failed)
		failed = domain_refuse_off(call_domain(call), err);
	interrupt_hold();
	failed = failed < 0 ? -1 : run_it(call, &errand, err);
	interrupt_let();
	list_clear(&errand.environment);
	return failed;
}

static int exec(struct call *call, struct error *err)
{
	return exec_run(call, argument_flag(call, "detach"), err);
}

static const struct option options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to run it in"),
	EXEC_OPTIONS,
	FLAG("detach", 0, "do not wait for its end; show its process id"),
	EXEC_COMMAND,
	END,
};

static const struct field results[] = {EXEC_FIELDS, FIELDS_END};

const struct command exec_command = {
	.name = "exec",
	.traits = COMMAND_PROGRAM | COMMAND_WAITS | COMMAND_BARE,
	.target = MANY_DOMAINS(BY_ANY),
	.options = options,
	.rules = (const struct rule[]){EXCLUSIVE("detach", "timeout"), RULES_END},
	.results = results,
	.summary = "run a command in a guest",
	.description =
		"Runs the command through the guest agent, without a shell. What it reads is our "
		"standard input, unless that is a terminal; what it writes is ours as it comes. "
		"The exit status is its own, 128+N where signal N ended it, 126 where it cannot be "
		"run, 127 where it is not there, 124 when its time is up, and 125 where vmctl "
		"itself failed. ^C ends it in the guest. An agent that may not run commands, as "
		"that "
		"of RHEL, is gone around by --via ssh: its user has a key of ours as long as it "
		"takes. Of many guests each line names its guest; "
		"the status is 7 where one is not 0.",
	.run = exec,
};
