// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/manual.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"

// Text as roff takes it: dashes that stay ASCII, no backslash or leading dot that it would obey.
static void append_roff(struct text *out, const char *string)
{
	if (*string == '.' || *string == '\'')
		text_append(out, "\\&");
	for (const char *c = string; *c; c++) {
		if (*c == '-')
			text_append(out, "\\-");
		else if (*c == '\\')
			text_append(out, "\\e");
		else if (*c == '\n' && (c[1] == '.' || c[1] == '\''))
			text_append(out, "\n\\&");
		else
			text_append_char(out, *c);
	}
}

static void append_macro(struct text *out, const char *macro, const char *string)
{
	text_append_format(out, ".%s ", macro);
	append_roff(out, string);
	text_append_char(out, '\n');
}

static void write_option(struct text *out, const struct option *option, bool letters)
{
	auto_text struct text label = {0};

	if (option->letter && letters)
		text_append_format(&label, "-%c, ", option->letter);
	text_append_format(&label, "--%s", option->name);
	if (option_takes_value(option))
		text_append_format(&label, option->traits & VALUE_OPTIONAL ? "[=<%s>]" : " <%s>",
				   help_value_name(option));
	text_append(out, ".TP\n");
	append_macro(out, "B", text_string(&label));
	append_roff(out, option->help);
	for (const char *const *word = option->words; word && *word; word++) {
		text_append(out, word == option->words ? " (" : ", ");
		append_roff(out, *word);
	}
	text_append(out, option->words ? ")\n" : "\n");
}

static void write_options(struct text *out, const struct option *options, unsigned long library,
			  bool letters)
{
	for (const struct option *o = options; o && o->kind != OPTION_END; o++)
		if (option_is_shown(o, library))
			write_option(out, o, letters);
}

static void write_results(struct text *out, const struct command *command)
{
	static const char *const shapes[] = {
		[SHAPE_OBJECT] = "an object", [SHAPE_LIST] = "a list", [SHAPE_STREAM] = "a stream"};

	if (!field_count(command->results))
		return;
	text_append_format(out, ".PP\nIn JSON %s of\n", shapes[command->shape]);
	for (const struct field *f = command->results; f->key; f++) {
		text_append(out, "\\fB");
		append_roff(out, f->key);
		text_append(out, "\\fP (");
		append_roff(out, f->help);
		text_append(out, f[1].key ? "),\n" : ").\n");
	}
}

static void write_command(struct text *out, const struct program *program,
			  const struct command *command)
{
	bool letters = command_grammar(program, command) == GRAMMAR_GNU;
	auto_text struct text synopsis = {0};

	help_synopsis(&synopsis, program, command);
	append_macro(out, "SS", command->name);
	append_macro(out, "B", text_string(&synopsis));
	text_append(out, ".PP\n");
	append_roff(out, command->description ? command->description : command->summary);
	text_append_char(out, '\n');
	if (command->alias)
		text_append_format(out, "Also called %s.\n", command->alias);
	write_options(out, command->options, program->library, letters);
	write_results(out, command);
}

void manual_write(struct text *out, const struct program *program)
{
	bool letters = program->grammar == GRAMMAR_GNU;

	text_append(out, ".SH OPTIONS\n");
	write_options(out, program->globals->options, program->library, true);
	if (program->otherwise)
		write_options(out, program->otherwise->options, program->library, letters);
	text_append(out, ".TP\n.B \\-\\-json\nThe answer, or the error, as JSON.\n"
			 ".TP\n.B \\-h, \\-\\-help\nHelp on the program or the command.\n"
			 ".SH COMMANDS\n");
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (command_is_shown(program, *c))
				write_command(out, program, *c);
}
