// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/dispatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/bulk.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/peer.h"
#include "cli/suggest.h"
#include "cli/tokens.h"
#include "cli/trace.h"
#include "output/report.h"

// Says why words cannot be parsed; gives the exit status.
static int parse_failed(struct context *context, const struct list *words, const struct error *err)
{
	struct call call = {.context = context};
	int status = peer_ask(context, words, err);

	if (status >= 0)
		return status;
	if (words->count)
		call.command = command_find(context->program, words->items[0]);
	context->json = context->json || arguments_ask_json(words);
	call_error(&call, err);
	if (call.command && call.command->traits & COMMAND_PROGRAM)
		return STATUS_PROGRAM;
	return peer_usage(context);
}

static int unknown_command(const struct program *program, const char *name, struct error *err)
{
	const char *close = suggest_command(program, name);

	error_set(err, STATUS_USAGE, "unknown command: '%s'", name);
	if (close)
		error_hint(err, "did you mean '%s'?", close);
	else
		error_hint(err, "$0 help lists the commands");
	return -1;
}

static struct arguments *parse_words(const struct program *program, const struct list *words,
				     struct error *err)
{
	const struct command *command =
		words->count ? command_find(program, words->items[0]) : NULL;
	struct list rest;

	if (!command && !program->otherwise) {
		unknown_command(program, words->items[0], err);
		return NULL;
	}
	if (!command)
		return arguments_parse(program->otherwise, program->grammar, words, err);
	rest = (struct list){.items = words->items + 1, .count = words->count - 1};
	return arguments_parse(command, command_grammar(program, command), &rest, err);
}

// An object in the place of what an older library lacks.
static int too_old(const struct program *program, unsigned long since, const char *what,
		   struct error *err)
{
	error_set(err, STATUS_USAGE, "%s needs libvirt %lu.%lu.%lu or newer", what, since / 1000000,
		  since / 1000 % 1000, since % 1000);
	return error_hint(err, "it was built with %lu.%lu.%lu", program->library / 1000000,
			  program->library / 1000 % 1000, program->library % 1000);
}

static int check_since(const struct program *program, const struct arguments *arguments,
		       struct error *err)
{
	if (arguments->command->since > program->library)
		return too_old(program, arguments->command->since, arguments->command->name, err);
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++) {
		auto_free char *name = NULL;

		if (!arguments_has(arguments, o) || o->since <= program->library)
			continue;
		name = text_format("option --%s", o->name);
		return too_old(program, o->since, name, err);
	}
	return 0;
}

// The command that WORDS begin with, and its arguments; NULL on wrong usage.
static struct arguments *parse(const struct context *context, const struct list *words,
			       struct error *err)
{
	auto_arguments struct arguments *arguments = parse_words(context->program, words, err);

	if (!arguments ||
	    (context->keys && arguments_take_keys(arguments, context->keys, err) < 0) ||
	    (!arguments->help && check_since(context->program, arguments, err) < 0))
		return NULL;
	return take(&arguments);
}

struct report *dispatch_report(const struct call *call)
{
	struct context *context = call->context;
	const struct command *command = call->command;
	int fd = fileno(context->out);
	struct report_looks looks = {
		.json = context->json || call->arguments->json,
		.one_line = context->many,
		.quiet = context->quiet || call->arguments->quiet,
		.terminal = isatty(fd) != 0,
		.colour = terminal_colour(fd),
		.width = isatty(fd) ? terminal_width(fd) : 0,
		.keys = &call->arguments->keys,
	};

	// `--help` is the answer of `help`.
	if (call->arguments->help)
		command = &help_command;
	return report_new(context->out, looks, command->results ? command->results : field_none,
			  command->shape);
}

static int run(struct call *call, struct error *err)
{
	const struct command *command = call->command;
	const struct program *program = call->context->program;

	if (call->arguments->help)
		return help_command_report(call, command);
	if (argument_check_all(call->arguments, err) < 0)
		return -1;
	if (command->traits & COMMAND_SHELL && !call->context->interactive)
		return error_set(err, STATUS_FAILED, "%s: only valid in the interactive shell",
				 command->name);
	if (command->traits & COMMAND_TERMINAL && report_is_json(call->report))
		return error_set(err, STATUS_USAGE, "'%s' has no JSON: it gives its terminal away",
				 command->name);
	if (command->traits & COMMAND_OFFLINE)
		return command->run(call, err);
	if (program->divide)
		return bulk_run(call, err);
	if (program->prepare && program->prepare(call, err) < 0)
		return -1;
	return command->run(call, err);
}

// vmctl parts the output of commands as virsh does. A failure that ends the program's work leaves
// standard output empty, unless it stands in virsh's place.
static void write_separator(const struct call *call, bool failed, double milliseconds)
{
	const struct context *context = call->context;

	if (report_is_json(call->report) || context->program->grammar != GRAMMAR_VIRSH ||
	    (failed && !context->goes_on && !context->peer) || context->leave ||
	    context->stands_for ||
	    (call->command->traits & COMMAND_BARE && !call->arguments->help && !context->timing))
		return;
	if (context->timing)
		fprintf(context->out, "\n(Time: %.3f ms)\n\n", milliseconds);
	else if (!context->quiet)
		fputc('\n', context->out);
}

// What is timed is the command, not the connection that it is the first to need.
static int connect_before(struct call *call, struct error *err)
{
	const struct program *program = call->context->program;
	bool connects = program->prepare && !(call->command->traits & COMMAND_OFFLINE) &&
			!call->arguments->help;

	return call->context->timing && connects ? program->prepare(call, err) : 0;
}

// The status of what runs another program is that one's, or tells that there is none.
static void settle_status(const struct call *call, struct error *err)
{
	if (call->command->traits & COMMAND_PROGRAM && err->status < STATUS_SIGNAL &&
	    err->status != STATUS_PARTIAL)
		err->status = STATUS_PROGRAM;
}

// WORDS: what the arguments came from, for the peer in whose place we stand; NULL.
static int run_parsed(struct context *context, struct arguments *arguments,
		      const struct list *words)
{
	struct cancel cancel = {0};
	struct call call = {.context = context,
			    .session = context->session,
			    .command = arguments->command,
			    .arguments = arguments};
	auto_error struct error err = {0}, unwritten = {0};
	long long start;
	bool failed, written;
	int status = -1;

	cancel_begin(&cancel, NULL);
	call.cancel = &cancel;
	call.report = dispatch_report(&call);
	failed = connect_before(&call, &err) < 0;
	start = clock_nanoseconds();
	failed = failed || run(&call, &err) < 0;
	if (context->abandoned)
		return STATUS_FAILED;
	if (failed)
		settle_status(&call, &err);
	// Where some of many failed, the answers of the others stand.
	written = report_finish(call.report, failed && err.status != STATUS_PARTIAL,
				failed ? &unwritten : &err) == 0;
	failed = failed || !written;
	// Where standard output takes nothing more, that has been said once.
	if (written)
		write_separator(&call, failed, (double)(clock_nanoseconds() - start) / 1e6);
	if (failed)
		status = peer_ask(context, words, &err);
	if (failed && status < 0)
		call_error(&call, &err);
	report_free(call.report);
	if (status >= 0)
		return status;
	if (failed && context->peer && !(call.command->traits & COMMAND_STATUSES))
		return STATUS_FAILED;
	return failed ? (int)err.status : call.status;
}

int dispatch_words(struct context *context, const struct list *words)
{
	auto_error struct error err = {0};
	struct arguments *arguments;
	int status;

	if (words->count && tokens_comment(words->items[0]))
		return STATUS_OK;
	arguments = parse(context, words, &err);
	if (!arguments)
		return parse_failed(context, words, &err);
	trace_arguments(context, arguments);
	status = arguments->help ? peer_ask(context, words, NULL) : -1;
	if (status < 0)
		status = run_parsed(context, arguments, words);
	arguments_free(arguments);
	return status;
}

// The arguments of all commands; their number, or -1 after saying what cannot be parsed.
static int parse_all(struct context *context, const struct tokens *tokens,
		     struct arguments **parsed, int *status)
{
	auto_error struct error err = {0};
	int count = 0;

	for (size_t i = 0; i < tokens->count; i++) {
		parsed[i] = parse(context, &tokens->commands[i], &err);
		if (!parsed[i]) {
			*status = parse_failed(context, &tokens->commands[i], &err);
			return -1;
		}
		trace_arguments(context, parsed[i]);
		count++;
	}
	return count;
}

int dispatch_string(struct context *context, const char *string)
{
	auto_error struct error err = {0};
	auto_tokens struct tokens tokens = {0};
	struct arguments **parsed;
	int status = STATUS_OK, count;

	if (tokens_split(string, &tokens, &err) < 0)
		return parse_failed(context, &(struct list){0}, &err);
	parsed = memory_new(tokens.count, sizeof(struct arguments *));
	count = parse_all(context, &tokens, parsed, &status);
	context->many = context->many || count > 1;
	for (int i = 0; i < count && !context->leave; i++) {
		context->goes_on = i + 1 < count;
		status = run_parsed(context, parsed[i], NULL);
	}
	for (size_t i = 0; i < tokens.count; i++)
		arguments_free(parsed[i]);
	free(parsed);
	return status;
}

// Reads one line, and on while a backslash stands at its end; false at the end of the input. A
// carriage return before the newline is part of the line's end.
static bool read_line(FILE *input, struct text *line, long *number)
{
	auto_free char *piece = NULL;
	size_t size = 0;
	ssize_t length;

	text_clear(line);
	while ((length = getline(&piece, &size, input)) >= 0) {
		++*number;
		if (length >= 2 && text_ends(piece, "\r\n")) {
			piece[--length - 1] = '\n';
			piece[length] = '\0';
		}
		text_append_bytes(line, piece, (size_t)length);
		if (length < 2 || !text_ends(piece, "\\\n"))
			return true;
	}
	return line->length > 0;
}

static int run_line(struct context *context, const struct text *line)
{
	auto_error struct error err = {0};

	if (strlen(text_string(line)) == line->length)
		return dispatch_string(context, text_string(line));
	error_set(&err, STATUS_USAGE, "the line holds a NUL byte");
	return parse_failed(context, &(struct list){0}, &err);
}

int dispatch_batch(struct context *context, int fd, int stop_on_error)
{
	auto_fclose FILE *input = fdopen(dup(fd), "r");
	auto_text struct text line = {0};
	int status = STATUS_OK;
	long number = 0;

	if (!input) {
		fprintf(context->errors, "error: cannot read commands: %s\n", strerror(errno));
		return STATUS_FAILED;
	}
	context->many = true;
	while (!context->leave && !interrupt_signal()) {
		int result;

		context->line = number + 1;
		if (!read_line(input, &line, &number))
			break;
		result = run_line(context, &line);
		status = result ? result : status;
		if (status && stop_on_error)
			break;
	}
	context->line = 0;
	return status;
}
