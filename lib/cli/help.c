// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/help.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/manual.h"
#include "cli/schema.h"
#include "cli/suggest.h"
#include "output/json.h"
#include "output/report.h"

const char *help_value_name(const struct option *option)
{
	if (option->value)
		return option->value;
	return option->kind == OPTION_INTEGER || option->kind == OPTION_SIZE ? "number" : "string";
}

static void append_rest(struct text *out, const struct option *option, bool named)
{
	const char *value = help_value_name(option);
	bool required = option->traits & REQUIRED;

	if (option->traits & BEHIND)
		text_append(out, " --");
	if (named)
		text_append_format(out, required ? " {[--%s] <%s>}..." : " [[--%s] <%s>]...",
				   option->name, value);
	else
		text_append_format(out, required ? " <%s>..." : " [<%s>]...", option->name);
}

static void append_usage(struct text *out, const struct option *option, bool letters)
{
	bool positional = option->traits & POSITIONAL;

	if (option->traits & REQUIRED && positional)
		text_append_format(out, " <%s>", option->name);
	else if (letters && positional)
		text_append_format(out, " [<%s>]", option->name);
	else if (letters && option->letter && !option_takes_value(option))
		text_append_format(out, " [-%c]", option->letter);
	else if (letters && option->letter)
		text_append_format(out, " [-%c <%s>]", option->letter, help_value_name(option));
	else if (!option_takes_value(option))
		text_append_format(out, " [--%s]", option->name);
	else if (option->traits & VALUE_OPTIONAL)
		text_append_format(out, " [--%s[=<%s>]]", option->name, help_value_name(option));
	else
		text_append_format(out, " [--%s <%s>]", option->name, help_value_name(option));
}

void help_synopsis(struct text *out, const struct program *program, const struct command *command)
{
	bool letters = command_grammar(program, command) == GRAMMAR_GNU;
	unsigned long library = command_library(program, command);
	bool named = false; // a value option came before: `--rest` is then a way to name the rest

	text_append(out, command->name);
	for (const struct option *o = command->options; o && o->kind != OPTION_END; o++) {
		if (!option_is_shown(o, library))
			continue;
		if (o->kind == OPTION_REST)
			append_rest(out, o, named && !letters);
		else
			append_usage(out, o, letters);
		named = named || o->traits & POSITIONAL;
	}
}

// "[--domain] <string>", "-f, --format <string>"; what stands left of the help of an option.
static char *label(const struct option *option, bool letters)
{
	struct text out = {0};

	if (letters && option->traits & POSITIONAL)
		text_append_format(&out, "<%s>", option->name);
	else if (option->letter && letters)
		text_append_format(&out, "-%c, --%s", option->letter, option->name);
	else if (option->traits & POSITIONAL &&
		 (option->traits & REQUIRED || option->kind == OPTION_REST))
		text_append_format(&out, "[--%s]", option->name);
	else
		text_append_format(&out, "--%s", option->name);
	if (option_takes_value(option) && !(letters && option->traits & POSITIONAL))
		text_append_format(&out, option->traits & VALUE_OPTIONAL ? "[=<%s>]" : " <%s>",
				   help_value_name(option));
	return text_take(&out);
}

enum { HELP_COLUMN = 30, HELP_WIDTH = 80 };

// A label and its explanation in two columns; an explanation that does not fit goes on below
// itself.
static void report_explained(struct report *report, const char *shown, const char *help)
{
	auto_text struct text line = {0};
	auto_list struct list words = list_split(help, " ");

	text_append_format(&line, "    %-*s", HELP_COLUMN - 6, shown);
	if (line.length > HELP_COLUMN - 2)
		text_append_format(&line, "\n%*s", HELP_COLUMN, "");
	else
		text_append(&line, "  ");
	for (size_t i = 0, column = HELP_COLUMN; i < words.count; i++) {
		size_t length = strlen(words.items[i]);

		if (i && column + 1 + length > HELP_WIDTH) {
			text_append_format(&line, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (i) {
			text_append_char(&line, ' ');
			column++;
		}
		text_append(&line, words.items[i]);
		column += length;
	}
	report_heading(report, "%s\n", text_string(&line));
}

static void report_options(struct report *report, const struct option *options,
			   unsigned long library, bool letters)
{
	for (const struct option *o = options; o && o->kind != OPTION_END; o++) {
		auto_free char *shown = !option_is_shown(o, library) ? NULL : label(o, letters);

		if (shown && letters)
			report_explained(report, shown, o->help);
		else if (shown)
			report_heading(report, "    %-15s  %s\n", shown, o->help);
	}
}

static void report_command_text(struct call *call, const struct command *command)
{
	struct report *report = call->report;
	bool letters = command_grammar(call->context->program, command) == GRAMMAR_GNU;
	unsigned long library = command_library(call->context->program, command);
	auto_text struct text synopsis = {0};

	help_synopsis(&synopsis, call->context->program, command);
	report_heading(report, "  NAME\n    %s - %s\n", command->name, command->summary);
	report_heading(report, "\n  SYNOPSIS\n    %s\n", text_string(&synopsis));
	report_heading(report, "\n  DESCRIPTION\n    %s\n",
		       command->description ? command->description : command->summary);
	if (option_count(command->options)) {
		report_heading(report, "\n  OPTIONS\n");
		report_options(report, command->options, library, letters);
	}
	report_heading(report, "\n");
}

int help_command_report(struct call *call, const struct command *command)
{
	if (report_is_json(call->report))
		describe_command(call->report, call->context->program, command);
	else
		report_command_text(call, command);
	return 0;
}

static void report_group(struct call *call, const struct group *group)
{
	struct report *report = call->report;

	report_heading(report, " %s (help keyword '%s'):\n", group->name, group->keyword);
	for (const struct command *const *c = group->commands; *c; c++)
		if (command_is_shown(call->context->program, *c))
			report_heading(report, "    %-30s %s\n", (*c)->name, (*c)->summary);
}

static void report_groups(struct call *call)
{
	for (const struct group *group = call->context->program->groups; group->name; group++) {
		report_group(call, group);
		report_heading(call->report, "\n");
	}
}

void help_program_report(struct call *call)
{
	const struct program *program = call->context->program;
	struct report *report = call->report;
	const char *name = call->context->name;

	report_heading(report, "\n%s - %s\n\n", name, program->summary);
	if (program->grammar == GRAMMAR_VIRSH) {
		report_heading(report, "%s [options]... [<command_string>]\n", name);
		report_heading(report, "%s [options]... <command> [args...]\n", name);
	} else if (program->otherwise) {
		report_heading(report, "%s [options]...", name);
		for (const struct option *o = program->otherwise->options; o->kind != OPTION_END;
		     o++)
			if (o->traits & POSITIONAL)
				report_heading(report,
					       o->kind == OPTION_REST ? " [<%s>]..." : " [<%s>]",
					       o->name);
		report_heading(report, "\n");
	} else {
		report_heading(report, "%s [options]... <command> [args...]\n", name);
	}
	report_heading(report, "\n  options:\n");
	report_options(report, program->globals->options, program->library, true);
	if (program->otherwise)
		report_options(report, program->otherwise->options, program->library, true);
	report_explained(report, "--json", "the answer, or the error, as JSON");
	report_explained(report, "-h, --help", "this help");
	report_heading(report, "\n");
	report_groups(call);
}

static void append_peers(struct text *out, const struct program *program)
{
	for (const struct peer *peer = program->peers; peer && peer->name; peer++)
		text_append_format(out, "%s\n", peer->name);
}

// JSON in any case: a schema has no other form.
static int report_schema(struct call *call, const struct command *command, const char *name,
			 struct error *err)
{
	const struct program *program = call->context->program;
	auto_json struct json *schema = NULL;
	auto_free char *text = NULL;

	// The command that runs without a name is called as the program.
	if (name && !command && program->otherwise && text_equal(program->otherwise->name, name))
		command = program->otherwise;
	if (name && !command)
		return error_set(err, STATUS_NOT_FOUND, "command '%s' does not exist", name);
	if (name && !command->results)
		return error_set(err, STATUS_NOT_FOUND, "'%s' has no results as JSON", name);
	schema = name ? schema_of(program, command) : schema_of_all(program);
	report_json(call->report, NULL, schema);
	text = json_text(schema);
	report_heading(call->report, "%s\n", text);
	return 0;
}

static int help(struct call *call, struct error *err)
{
	const struct program *program = call->context->program;
	const char *name = argument_text(call, "command");
	const struct command *command = name ? command_find(program, name) : NULL;
	const char *close;
	auto_text struct text out = {0};

	if (argument_flag(call, "schema"))
		return report_schema(call, command, name, err);
	if (argument_flag(call, "man"))
		manual_write(&out, program);
	else if (argument_flag(call, "peers"))
		append_peers(&out, program);
	if (out.length || argument_flag(call, "peers")) {
		report_document(call->report, "text", text_string(&out));
		return 0;
	}
	if (command)
		return help_command_report(call, command);
	if (!name && report_is_json(call->report)) {
		describe_program(call->report, program);
		return 0;
	}
	if (!name) {
		report_heading(call->report, "Grouped commands:\n\n");
		report_groups(call);
		return 0;
	}
	for (const struct group *group = program->groups; group->name; group++)
		if (text_equal(group->name, name) || text_equal(group->keyword, name)) {
			report_group(call, group);
			return 0;
		}
	error_set(err, STATUS_NOT_FOUND, "command or command group '%s' does not exist", name);
	close = suggest_command(program, name);
	if (close)
		error_hint(err, "did you mean '%s'?", close);
	return -1;
}

static void help_names(struct call *call, struct list *found)
{
	for (const struct group *group = call->context->program->groups; group->name; group++) {
		list_add(found, group->keyword);
		for (const struct command *const *c = group->commands; *c; c++)
			if (command_is_shown(call->context->program, *c))
				list_add(found, (*c)->name);
	}
}

static const struct option help_options[] = {
	TEXT("command", help_names, "command or group of commands to explain"),
	FLAG("man", 0, "the commands as a part of the man page"),
	FLAG("schema", 0, "the JSON Schema of the command's answer, or of all of them"),
	FLAG("peers", 0, "the names of peers that the program may be called by"),
	END,
};

const struct command help_command = {
	.name = "help",
	.traits = COMMAND_OFFLINE,
	.options = help_options,
	.results = describe_results,
	.summary = "explain a command, a group of commands or all of them",
	.run = help,
};
