// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "cli/peer.h"
#include "output/report.h"

void program_version(const struct context *context)
{
	fprintf(context->out, "%s %s\n", context->name, VMKIT_VERSION);
}

int program_close(struct context *context, int status)
{
	auto_error struct error err = {0};
	int failed = fflush(context->out);

	if (failed == 0 && !ferror(context->out))
		return status;
	// What failed before this has left no reason.
	if (failed)
		error_set_errno(&err, errno, "cannot write the output");
	else
		error_set(&err, STATUS_FAILED, "cannot write the output");
	context_error(context, &err);
	return status ? status : STATUS_FAILED;
}

void program_usage(struct context *context)
{
	struct call call = {.context = context,
			    .report = report_new(context->out, (struct report_looks){0}, field_none,
						 SHAPE_OBJECT)};

	help_program_report(&call);
	report_finish(call.report, false, &(struct error){0});
	report_free(call.report);
}

static bool wants_usage(const struct program *program, const struct list *words)
{
	if (words->count == 0)
		return !program->otherwise;
	return text_equal(words->items[0], "--help") || text_equal(words->items[0], "-h");
}

static bool wants_version(const struct list *words)
{
	return words->count &&
	       (text_equal(words->items[0], "--version") || text_equal(words->items[0], "-V"));
}

static bool wants_itself(const struct program *program, const struct list *words)
{
	return wants_usage(program, words) || wants_version(words);
}

static int say_itself(struct context *context, const struct list *words)
{
	if (wants_version(words))
		program_version(context);
	else
		program_usage(context);
	return STATUS_OK;
}

// Takes the program's own options off WORDS. Where a command may be left out they cannot be told
// from that command's, and there are none.
static int take_globals(struct context *context, struct list *words, struct error *err)
{
	size_t used;

	if (context->program->otherwise)
		return 0;
	context->globals = arguments_parse_globals(context->program->globals, words, &used, err);
	if (!context->globals)
		return -1;
	context->json = context->json || context->globals->json;
	context->keys = &context->globals->keys;
	words->items += used;
	words->count -= used;
	return 0;
}

int program_main(const struct program *program, void *session, int argc, char **argv)
{
	struct context context = {
		.program = program, .session = session, .out = stdout, .errors = stderr};
	struct list words = {.items = argv + 1, .count = (size_t)argc - 1};
	auto_error struct error err = {0};
	int status = STATUS_OK;

	peer_recognise(&context, argv[0]);
	if (words.count && text_equal(words.items[0], "--json")) {
		context.json = true;
		words.items++;
		words.count--;
	}
	if (wants_itself(program, &words)) {
		status = peer_ask(&context, &words, NULL);
		if (status < 0)
			status = say_itself(&context, &words);
		return program_close(&context, status);
	}
	if (take_globals(&context, &words, &err) < 0) {
		status = peer_ask(&context, &words, &err);
		if (status >= 0)
			return program_close(&context, status);
		context_error(&context, &err);
		return context.peer ? peer_usage(&context) : (int)err.status;
	}
	if (words.count == 0 && !program->otherwise)
		program_usage(&context);
	else
		status = dispatch_words(&context, &words);
	arguments_free(context.globals);
	return program_close(&context, status);
}
