// SPDX-License-Identifier: GPL-3.0-or-later
// What QEMU and the guest agent are asked in their own language.
#include <libvirt/libvirt-qemu.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/descriptors.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/json.h"
#include "output/json_layout.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"

static const struct field answer_results[] = {
	FIELD("answer", NULL, FIELD_ANY, 0, "what was answered; a text where it is no JSON"),
	FIELDS_END,
};

// ANSWER as it came, or indented, with END behind it. JSON has it as a document of its own.
static void report_answer(struct call *call, const char *answer, const char *end)
{
	auto_error struct error ignored = {0};
	auto_json struct json *json = json_read(answer, "the answer", &ignored);
	auto_free char *text = json && argument_flag(call, "pretty") ? json_layout(answer, true)
								     : text_copy(answer);

	if (json)
		report_json(call->report, "answer", json);
	else
		report_field(call->report, NULL, "answer", value_text(answer));
	report_heading(call->report, "%s%s", text, end);
}

// A command of QEMU's monitor and its arguments, an object or `"a":1 "b":2`, as JSON; the caller's.
// NULL with an error where the arguments are none.
static char *wrap_command(const char *name, const struct list *words, struct error *err)
{
	auto_json struct json *command = json_new_object();
	auto_free char *joined = NULL, *text = NULL;
	struct json *arguments;

	json_set(command, "execute", value_text(name));
	if (!words->count)
		return json_text(command);
	joined = list_join(words, text_begins(words->items[0], "{") ? " " : ",");
	text = *joined == '{' ? text_copy(joined) : text_format("{%s}", joined);
	arguments = json_read(text, "the list of arguments", err);
	if (!arguments)
		return NULL;
	json_set_json(command, "arguments", arguments);
	return json_text(command);
}

// What the monitor is told: the words as they are where they are JSON or for people, else a command
// with its arguments. The caller's.
static char *monitor_command(struct call *call, struct error *err)
{
	auto_error struct error ignored = {0};
	const struct list *words = argument_list(call, "cmd");
	auto_free char *all = list_join(words, " ");
	auto_json struct json *json = NULL;

	if (argument_flag(call, "hmp"))
		return take(&all);
	json = json_read(all, "the command", &ignored);
	if (json)
		return take(&all);
	return wrap_command(
		words->items[0],
		&(const struct list){.items = words->items + 1, .count = words->count - 1}, err);
}

// What QEMU answered, the caller's; NULL on failure.
static char *ask_monitor(struct call *call, const char *command, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_descriptors struct descriptors files = {0};
	unsigned bits = argument_bits(call);
	char *answer = NULL;
	int failed;

	if (descriptors_parse(argument_text(call, "pass-fds"), &files, err) < 0)
		return NULL;
	if (files.count)
		failed = virDomainQemuMonitorCommandWithFiles(
			domain, command, files.count, files.numbers, NULL, NULL, &answer, bits);
	else
		failed = virDomainQemuMonitorCommand(domain, command, &answer, bits);
	if (failed < 0) {
		domain_failure(err, domain, "Failed to run the monitor command in domain '%s'",
			       virDomainGetName(domain));
		return NULL;
	}
	return answer;
}

static int qemu_monitor_command(struct call *call, struct error *err)
{
	auto_free char *command = monitor_command(call, err);
	auto_free char *answer = command ? ask_monitor(call, command, err) : NULL;
	auto_free char *member = NULL, *bare = NULL;
	auto_json struct json *json = NULL;

	if (!answer)
		return -1;
	if (!argument_flag(call, "return-value")) {
		report_answer(call, answer, argument_flag(call, "pretty") ? "" : "\n");
		return 0;
	}
	json = json_read(answer, "the answer of QEMU", err);
	if (!json)
		return -1;
	member = json_member(answer, "return");
	if (!member)
		return error_set(err, STATUS_FAILED, "the answer of QEMU has no 'return': %s",
				 answer);
	bare = json_layout(member, false);
	report_answer(call, bare, "");
	return 0;
}

static const struct option qemu_monitor_command_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose QEMU is asked"),
	FLAG("hmp", VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP, "a command of the human monitor"),
	FLAG("pretty", 0, "indent the answer"),
	FLAG("return-value", 0, "only what the answer has as \"return\""),
	NAMED("pass-fds", NULL, "open file descriptors N,M,... that go with it"),
	{.kind = OPTION_REST,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "cmd",
	 .help = "the command, such as query-status or '{\"execute\": \"query-status\"}'"},
	END,
};

const struct command qemu_monitor_command_command = {
	.name = "qemu-monitor-command",
	.target = MANY_DOMAINS(BY_ANY),
	.options = qemu_monitor_command_options,
	.rules = (const struct rule[]){EXCLUSIVE("hmp", "pretty"), EXCLUSIVE("hmp", "return-value"),
				       RULES_END},
	.results = answer_results,
	.summary = "send a command to the QEMU of a guest",
	.description = "Sends a command to QEMU's monitor. libvirt does not know what it changes: "
		       "meant for looking, and for tests.",
	.run = qemu_monitor_command,
};

static int qemu_agent_command(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *command = list_join(argument_list(call, "cmd"), " "), *answer = NULL;
	int seconds = VIR_DOMAIN_QEMU_AGENT_COMMAND_DEFAULT;

	if (argument_given(call, "timeout"))
		seconds = (int)argument_integer(call, "timeout");
	if (argument_flag(call, "async"))
		seconds = VIR_DOMAIN_QEMU_AGENT_COMMAND_NOWAIT;
	if (argument_flag(call, "block"))
		seconds = VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK;
	answer = virDomainQemuAgentCommand(domain, command, seconds, 0);
	if (!answer)
		return domain_failure(err, domain, "Failed to run the agent command in domain '%s'",
				      virDomainGetName(domain));
	report_answer(call, answer, argument_flag(call, "pretty") ? "\n\n" : "\n");
	return 0;
}

static const struct option qemu_agent_command_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose agent is asked"),
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .least = 1,
	 .most = INT_MAX,
	 .help = "seconds to wait for the answer"},
	FLAG("async", 0, "do not wait for the answer"),
	FLAG("block", 0, "wait for the answer, however long it takes"),
	FLAG("pretty", 0, "indent the answer"),
	{.kind = OPTION_REST,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "cmd",
	 .help = "the command, such as '{\"execute\": \"guest-ping\"}'"},
	END,
};

const struct command qemu_agent_command_command = {
	.name = "qemu-agent-command",
	.target = MANY_DOMAINS(BY_ANY),
	.options = qemu_agent_command_options,
	.rules = (const struct rule[]){EXCLUSIVE("timeout", "async", "block"), RULES_END},
	.results = answer_results,
	.summary = "send a command to the guest agent",
	.run = qemu_agent_command,
};

static int qemu_attach(struct call *call, struct error *err)
{
	unsigned pid = (unsigned)argument_integer(call, "pid");
	virDomainPtr domain = virDomainQemuAttach(session_connection(call), pid, 0);

	if (!domain)
		return virt_failure(err, "Failed to attach to pid %u", pid);
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_message(call->report, "Domain '%s' attached to pid %u\n", virDomainGetName(domain),
		       pid);
	virDomainFree(domain);
	return 0;
}

const struct command qemu_attach_command = {
	.name = "qemu-attach",
	.options = (const struct option[]){{.kind = OPTION_INTEGER,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "pid",
					    .most = UINT_MAX,
					    .help = "process number of a QEMU"},
					   END},
	.results = named_results,
	.summary = "take over a QEMU that libvirt did not start, where it still can",
	.run = qemu_attach,
};
