// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/complete.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/typed.h"
#include "output/report.h"

static void add_beginning(struct list *found, const char *prefix, const char *candidate)
{
	if (text_begins(candidate, prefix) && !list_has(found, candidate))
		list_add(found, candidate);
}

static void add_commands(const struct program *program, const char *prefix, struct list *found)
{
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (command_is_shown(program, *c))
				add_beginning(found, prefix, (*c)->name);
}

// The live values come from the daemon: what cannot be asked in silence is not offered.
static void add_live(struct call *call, const struct option *option, struct list *all)
{
	auto_error struct error ignored = {0};
	const struct program *program = call->context->program;

	if (option->object) {
		program->objects(call, option, all);
		return;
	}
	if (call->command->traits & COMMAND_OFFLINE || !program->prepare ||
	    program->prepare(call, &ignored) == 0)
		option->candidates(call, all);
}

static bool add_values(struct call *call, const struct option *option, const char *prefix,
		       struct list *found)
{
	auto_list struct list all = {0};

	call->option = option;
	call->typed = prefix;
	for (const char *const *word = option->words; word && *word; word++)
		add_beginning(found, prefix, *word);
	if (option->candidates || option->object)
		add_live(call, option, &all);
	list_sort(&all);
	for (size_t i = 0; i < all.count; i++)
		add_beginning(found, prefix, all.items[i]);
	if (option->traits & OR_FILES)
		return !found->count && !strchr(prefix, ':');
	return !option->words && !option->candidates && !option->object &&
	       option_takes_value(option);
}

static void add_options(struct call *call, const char *prefix, struct list *found)
{
	const struct arguments *arguments = call->arguments;
	unsigned long library = command_library(call->context->program, arguments->command);

	for (const struct option *o = arguments->command->options; o && o->kind != OPTION_END;
	     o++) {
		auto_free char *name = text_format("--%s", o->name);

		if (!option_is_shown(o, library) ||
		    (arguments_has(arguments, o) && !(o->traits & REPEATS)))
			continue;
		add_beginning(found, prefix, name);
	}
	if (*prefix && !call->context->peer)
		add_beginning(found, prefix, "--json");
}

// The word is "--name=value so far".
static bool add_attached(struct call *call, const struct command *command, const char *word,
			 struct list *found)
{
	const char *equals = strchr(word, '='), *stands_for = NULL;
	auto_free char *name = text_copy_bytes(word + 2, (size_t)(equals - word - 2));
	const struct option *option = option_find(command->options, name, &stands_for);
	auto_list struct list values = {0};
	bool files;

	if (!option || stands_for)
		return false;
	files = add_values(call, option, equals + 1, &values);
	for (size_t i = 0; i < values.count; i++)
		list_add_format(found, "--%s=%s", name, values.items[i]);
	return files;
}

static bool complete_arguments(struct call *call, const struct command *command,
			       const struct list *words, struct list *found)
{
	const char *last = words->items[words->count - 1];
	struct list typed = {.items = words->items, .count = words->count - 1};
	enum grammar grammar = command_grammar(call->context->program, command);
	const struct option *expected = NULL;
	struct arguments *arguments = arguments_parse_typed(command, grammar, &typed, &expected);
	bool files = false;

	call->command = command;
	call->arguments = arguments;
	if (expected) {
		files = add_values(call, expected, last, found);
	} else if (text_begins(last, "--") && strchr(last, '=')) {
		files = add_attached(call, command, last, found);
	} else if (*last == '-') {
		add_options(call, last, found);
	} else {
		expected = arguments_next_positional(arguments);
		if (expected)
			files = add_values(call, expected, last, found);
		if (!*last && !found->count && !files)
			add_options(call, last, found);
	}
	call->command = NULL;
	call->arguments = NULL;
	arguments_free(arguments);
	return files;
}

bool complete_words(struct call *call, const struct list *words, struct list *found)
{
	const struct program *program = call->context->program;
	const struct command *command;
	struct list rest;

	if (words->count == 0)
		return false;
	command = words->count > 1 ? command_find(program, words->items[0]) : NULL;
	if (!command && words->count == 1)
		add_commands(program, words->items[0], found);
	if (!command && program->otherwise)
		return complete_arguments(call, program->otherwise, words, found);
	if (!command)
		return false;
	rest = (struct list){.items = words->items + 1, .count = words->count - 1};
	return complete_arguments(call, command, &rest, found);
}

// The words of a shell's line: the program's name, its own options, a command and its arguments.
static bool complete_line(struct call *call, const struct list *words, struct list *found)
{
	const struct program *program = call->context->program;
	auto_error struct error ignored = {0};
	struct list rest = {.items = words->items + 1, .count = words->count - 1};
	struct list before = {.items = rest.items, .count = rest.count - 1};
	const char *last = rest.count ? rest.items[rest.count - 1] : "";
	struct arguments *own;
	size_t used = 0;
	bool files;

	if (!rest.count)
		return false;
	if (program->otherwise)
		return complete_words(call, &rest, found);
	own = arguments_parse_globals(program->globals, &before, &used, &ignored);
	if (!own || (used == before.count && *last == '-' && !own->ended)) {
		// The cursor is among the program's own options.
		files = complete_arguments(call, program->globals, &rest, found);
	} else {
		call->arguments = own;
		files = program->settle && program->settle(call, &ignored) < 0;
		rest = (struct list){.items = rest.items + used, .count = rest.count - used};
		files = !files && complete_words(call, &rest, found);
	}
	arguments_free(own);
	return files;
}

// For bash: what replaces the word at the end of LINE, one a line.
static int complete_shell_line(struct call *call, struct call *asking)
{
	const char *breaks = argument_text(call, "breaks");
	auto_typed struct typed typed =
		typed_in_shell(argument_text(call, "line"), breaks ? breaks : "");
	auto_list struct list found = {0};
	bool files = complete_line(asking, &typed.words, &found);

	report_open_list(call->report, "candidates");
	for (size_t i = 0; i < found.count; i++) {
		auto_free char *shown = typed_replacement(&typed, found.items[i]);

		report_field(call->report, "", "candidate",
			     value_shown(value_text(found.items[i]), shown));
	}
	report_close(call->report);
	// Where nothing is found and that is no failure, names of files fit.
	call->status = found.count || files ? STATUS_OK : STATUS_FAILED;
	return 0;
}

// What a shell would part is escaped, as virsh does it.
static char *escape_blanks(const char *candidate)
{
	struct text escaped = {0};

	for (const char *c = candidate; *c; c++) {
		if (strchr(" \t\n\"'\\@$><;|&{(`", *c))
			text_append_char(&escaped, '\\');
		text_append_char(&escaped, *c);
	}
	return text_take(&escaped);
}

static int complete(struct call *call, struct error *err)
{
	struct call asking = {
		.context = call->context, .session = call->session, .completing = true};
	auto_list struct list words = {0}, found = {0};
	const struct list *typed = argument_list(call, "string");

	(void)err;
	if (argument_given(call, "line"))
		return complete_shell_line(call, &asking);
	for (size_t i = 0; i < typed->count; i++)
		list_add(&words, typed->items[i]);
	if (!words.count)
		list_add(&words, "");
	complete_words(&asking, &words, &found);
	report_open_list(call->report, "candidates");
	for (size_t i = 0; i < found.count; i++) {
		auto_free char *escaped = escape_blanks(found.items[i]);

		report_field(call->report, "", "candidate",
			     value_shown(value_text(found.items[i]), escaped));
	}
	report_close(call->report);
	call->status = found.count ? STATUS_OK : STATUS_FAILED;
	return 0;
}

static const struct option complete_options[] = {
	NAMED("line", NULL, "a shell's line up to the cursor, the program's name too"),
	NAMED("breaks", NULL, "characters behind which the shell completes a part of a word"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "string",
	 .help = "the words of the line, the last one as far as it is typed"},
	END,
};

static const struct field complete_results[] = {
	FIELD("candidates", "", FIELD_TEXTS, FIELD_ASKED, "what may stand there"),
	FIELDS_END,
};

const struct command complete_command = {
	.name = "complete",
	.traits = COMMAND_OFFLINE | COMMAND_HIDDEN,
	.options = complete_options,
	.results = complete_results,
	.summary = "list what may stand next on a command line, for shells",
	.run = complete,
};
