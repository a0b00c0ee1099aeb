// SPDX-License-Identifier: GPL-3.0-or-later
// `wait`: until a guest is as it should be.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/condition.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/kinds.h"

enum { SECONDS_DEFAULT = 300 };

// The names in all values of --for. A regular expression may have commas in it: it goes to the end
// of its value.
static struct list wanted_names(const struct call *call)
{
	const struct list *given = argument_list(call, "for");
	struct list names = {0};

	for (size_t i = 0; i < given->count; i++) {
		const char *rest = given->items[i];

		while (*rest) {
			size_t length =
				text_begins(rest, "serial:") ? strlen(rest) : strcspn(rest, ",");

			list_add_owned(&names, text_copy_bytes(rest, length));
			rest += length + (rest[length] != '\0');
		}
	}
	return names;
}

static int wait_for(struct call *call, const struct list *names, bool any, long long seconds,
		    struct error *err)
{
	auto_free struct condition *conditions = memory_new(names->count + 1, sizeof(*conditions));
	long long begun = clock_milliseconds();
	int failed = conditions_parse(names, conditions, err);

	if (!failed)
		failed = conditions_wait(call, call_domain(call), conditions, names->count, any,
					 seconds * 1000, err);
	conditions_clear(conditions, names->count);
	if (failed)
		return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	report_open_list(call->report, "met");
	for (size_t i = 0; i < names->count; i++)
		if (conditions[i].met)
			report_field(call->report, NULL, "met", value_text(conditions[i].typed));
	report_close(call->report);
	report_value(call->report, "milliseconds", value_integer(clock_milliseconds() - begun));
	return 0;
}

static long long seconds_given(const struct call *call)
{
	return argument_given(call, "timeout") ? argument_integer(call, "timeout")
					       : SECONDS_DEFAULT;
}

static int wait_run(struct call *call, struct error *err)
{
	auto_list struct list names = wanted_names(call);

	if (!names.count)
		return error_set(err, STATUS_USAGE, "--for names nothing to wait for");
	return wait_for(call, &names, argument_flag(call, "any"), seconds_given(call), err);
}

static void add_names(struct call *call, struct list *found)
{
	(void)call;
	conditions_add_names(found);
}

// clang-format off
#define SECONDS \
	{ .kind = OPTION_INTEGER, .name = "timeout", .value = "SECONDS", .most = 2147483, \
	  .help = "how long at most, 300 where it is not given; 0: without an end" }
// clang-format on

static const struct option wait_options[] = {
	DOMAIN(0, "guest that is waited for"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | REPEATS,
	 .name = "for",
	 .value = "CONDITION",
	 .candidates = add_names,
	 .help = "running, off, paused, gone, agent, ip, ssh, port:N, cloud-init or serial:REGEX; "
		 "several with commas"},
	FLAG("any", 0, "one of them is enough"),
	SECONDS,
	END,
};

static const struct field results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	FIELD("met", NULL, FIELD_TEXTS, 0, "what was waited for and is so"),
	FIELD("milliseconds", NULL, FIELD_MILLISECONDS, 0, "how long it took"),
	FIELDS_END,
};

const struct command wait_command = {
	.name = "wait",
	.traits = COMMAND_WAITS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = wait_options,
	.results = results,
	.summary = "wait until a guest runs, is off or has an address",
	.description =
		"Waits until all that --for names is so. `agent` is the guest agent, `ip` an "
		"address, `ssh` an ssh server that answers at it, `port:N` any other server; "
		"`cloud-init` is that it has done its work, as the guest agent tells; "
		"`serial:REGEX` is a line on its console that the extended regular expression, "
		"which goes to the end of its --for, matches; `gone` is a guest that is no more "
		"defined. The console is read from its log, where its device has one "
		"(<log file='...'/>), from the start of the guest or, where the log is appended "
		"to, from now on; else it is opened, which only one can do at a time, and what is "
		"written from now on counts. On a timeout the exit status "
		"is 5, and what is missing is said and what the console or its log showed last.",
	.run = wait_run,
};
