// SPDX-License-Identifier: GPL-3.0-or-later
// The text console of a guest: for somebody who types, or step by step for a script.
#include "cmd/vmctl/domain/console.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/console.h"
#include "virt/session.h"

static int attach(struct call *call, struct console *console, struct error *err)
{
	const struct session *session = call->session;
	const char *name = virDomainGetName(console->domain);
	bool typed = isatty(STDIN_FILENO) != 0;
	int failed;

	if (!typed && !console->step_count)
		return error_set(err, STATUS_FAILED,
				 "an interactive console needs a terminal; --until TEXT only shows "
				 "the output until TEXT appears");
	console_escape(session->all->escape, &console->escape);
	console->input = typed ? STDIN_FILENO : -1;
	console->output = fileno(call->context->out);
	if (virDomainIsActive(console->domain) == 0) {
		error_set(err, STATUS_CONFLICT, "domain '%s' is not running", name);
		return error_hint(err, "$vmctl start --console -- '%s'", name);
	}
	report_message(call->report, "Connected to domain '%s'\n", name);
	if (typed)
		report_message(call->report, "Escape character is %s (Ctrl + %s)\n",
			       session->all->escape,
			       *session->all->escape == '^' ? session->all->escape + 1
							    : session->all->escape);
	if (report_flush(call->report, err) < 0)
		return -1;
	call->context->terminal_taken = true;
	failed = console_run(console, err);
	call->context->terminal_taken = false;
	return failed;
}

int console_attach(struct call *call, virDomainPtr domain, struct error *err)
{
	struct console console = {.domain = domain};

	return attach(call, &console, err);
}

// What --send types: \n and \r press Enter, \t and \e are keys too, \\ a backslash; the caller's.
static char *unescape(const char *string)
{
	static const char letters[] = "nrte\\", keys[] = "\r\r\t\x1b\\";
	struct text text = {0};

	for (; *string; string++) {
		const char *letter =
			*string == '\\' && string[1] ? strchr(letters, string[1]) : NULL;

		text_append_char(&text, letter ? keys[letter - letters] : *string);
		string += letter != NULL;
	}
	return text_take(&text);
}

// --send and --until in the order in which they were given; their texts go to TEXTS.
static size_t read_steps(struct call *call, struct console_step *steps, struct list *texts)
{
	const struct list *order = argument_order(call);
	const struct list *sent = argument_list(call, "send"),
			  *until = argument_list(call, "until");
	size_t count = 0, sends = 0, waits = 0;

	for (size_t i = 0; i < order->count; i++) {
		if (text_equal(order->items[i], "send"))
			list_add_owned(texts, unescape(sent->items[sends++]));
		else if (text_equal(order->items[i], "until"))
			list_add(texts, until->items[waits++]);
		else
			continue;
		steps[count++] = (struct console_step){
			.kind = text_equal(order->items[i], "send") ? CONSOLE_SEND
								    : CONSOLE_PATTERN,
			.text = texts->items[texts->count - 1],
		};
	}
	return count;
}

static int console(struct call *call, struct error *err)
{
	size_t most = argument_list(call, "send")->count + argument_list(call, "until")->count;
	auto_free struct console_step *steps = memory_new(most + 1, sizeof(*steps));
	auto_list struct list texts = {0};
	struct console console = {
		.domain = call_domain(call),
		.device = argument_text(call, "devname"),
		.flags = argument_bits(call),
		.resume = argument_flag(call, "resume"),
		.steps = steps,
		.step_count = read_steps(call, steps, &texts),
		.timeout = argument_integer(call, "timeout") * 1000,
	};

	return attach(call, &console, err);
}

static const struct option console_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose console is wanted"),
	TEXT("devname", NULL, "alias of the character device, such as serial1"),
	FLAG("force", VIR_DOMAIN_CONSOLE_FORCE, "take the console from another session"),
	FLAG("safe", VIR_DOMAIN_CONSOLE_SAFE,
	     "only where the hypervisor can keep others away from it"),
	FLAG("resume", 0, "continue a paused guest once its console is open"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "until",
	 .value = "text",
	 .help = "wait until this (an extended regular expression) has appeared; end behind the "
		 "last step; needs no terminal"},
	{.kind = OPTION_TEXT,
	 .traits = REPEATS | CONFIDENTIAL,
	 .name = "send",
	 .value = "text",
	 .help = "type this, in which \\n is Enter, in its turn between the --until"},
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .value = "seconds",
	 .least = 1,
	 .most = 1000000,
	 .help = "longest time that a step may wait"},
	END,
};

static const struct rule console_rules[] = {
	REQUIRES("timeout", "until"),
	RULES_END,
};

const struct command console_command = {
	.name = "console",
	.traits = COMMAND_TERMINAL,
	.target = ONE_DOMAIN(BY_ANY),
	.options = console_options,
	.rules = console_rules,
	.summary = "connect to the text console of a guest",
	.description =
		"Puts the guest's console on this terminal. ^] (Ctrl and ]) leaves it; "
		"vmctl -e chooses another character. With --until and --send, which are done in "
		"the order they are given in, a script waits for a guest and answers it: "
		"--until 'login:' --send 'root\\n' --until '# '.",
	.run = console,
};
