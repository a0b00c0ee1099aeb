// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/confirm.h"

#include <stdio.h>
#include <strings.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"

// Reads from standard input byte by byte: what follows the line is not ours.
static bool read_answer(char *answer, size_t size)
{
	size_t length = 0;
	ssize_t count;
	char byte;

	while ((count = read(STDIN_FILENO, &byte, 1)) == 1 && byte != '\n')
		if (length + 1 < size)
			answer[length++] = byte;
	answer[length] = '\0';
	return count == 1 || length;
}

int confirm(struct call *call, const char *what, struct error *err)
{
	auto_text struct text question = {0};
	char answer[8];
	const char *ignored;
	const struct option *yes = option_find(call->arguments->options, "yes", &ignored);

	// No peer asks.
	if (call->context->peer || call->arguments->yes ||
	    (yes && arguments_has(call->arguments, yes)))
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(fileno(call->context->errors))) {
		error_set(err, STATUS_CONFIRM,
			  "--yes is not given, and there is no terminal to ask");
		return error_wrap(err, "%s", what);
	}
	text_append_harmless(&question, what, true);
	fprintf(call->context->errors, "%s\nGo on? [y/N] ", text_string(&question));
	fflush(call->context->errors);
	read_answer(answer, sizeof(answer));
	if (text_equal(answer, "y") || text_equal(answer, "Y") || text_equal(answer, "yes"))
		return 0;
	return error_set(err, STATUS_CONFIRM, "not confirmed: nothing was changed");
}

bool confirm_answer(struct call *call, const char *question)
{
	auto_text struct text shown = {0};
	char answer[8];

	text_append_harmless(&shown, question, true);
	for (;;) {
		fprintf(call->context->errors, "%s (y/n): ", text_string(&shown));
		fflush(call->context->errors);
		if (!read_answer(answer, sizeof(answer)))
			return false;
		if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0)
			return true;
		if (strcasecmp(answer, "n") == 0 || strcasecmp(answer, "no") == 0)
			return false;
		fputs("Please enter 'yes' or 'no'.\n", call->context->errors);
	}
}
