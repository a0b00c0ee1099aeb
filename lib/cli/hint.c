// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/hint.h"

#include <stdbool.h>
#include <string.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "output/report.h"

// Whether the program NAME is the one that runs: by its own name or, as all of it, by a peer's.
static bool is_itself(const struct context *context, const char *name)
{
	return text_equal(name, "0") ||
	       (text_equal(name, context->program->name) && !context->stands_for);
}

static void append_program(struct text *text, const struct call *call, const char *name)
{
	const struct program *program = call->context->program;
	const char *host;

	text_append(text, is_itself(call->context, name) ? call->context->name : name);
	if (text_equal(name, "0"))
		return;
	host = program->host ? program->host(call) : argument_host(call);
	if (!host)
		return;
	text_append(text, " -c ");
	advice_append_word(text, host);
}

char *hint_spell(const struct call *call, const char *advice)
{
	struct text text = {0};

	if (!advice)
		return NULL;
	while (*advice) {
		size_t mark = advice_mark(advice);
		auto_free char *name = NULL;

		if (!mark) {
			text_append_char(&text, *advice++);
			continue;
		}
		name = text_copy_bytes(advice + 1, mark - 1);
		advice += mark;
		// Where commands are typed, the next one needs no program before it.
		if (call->context->interactive && is_itself(call->context, name))
			advice += *advice == ' ';
		else
			append_program(&text, call, name);
	}
	return text_take(&text);
}

char *hint_write(const struct call *call, const char *format, va_list list)
{
	auto_text struct text text = {0};

	advice_append_list(&text, format, list);
	return hint_spell(call, text_string(&text));
}

void hint_report(const struct call *call, const char *format, ...)
{
	auto_free char *advice = NULL;
	va_list list;

	va_start(list, format);
	advice = hint_write(call, format, list);
	va_end(list);
	report_message(call->report, "%s", advice);
}
