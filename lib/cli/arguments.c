// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/suggest.h"

static const struct option no_options[] = {END};

static struct arguments *arguments_new(const struct command *command, enum grammar grammar)
{
	struct arguments *arguments = memory_new(1, sizeof(*arguments));

	arguments->grammar = grammar;
	arguments->command = command;
	arguments->options = command->options ? command->options : no_options;
	arguments->rows = memory_new(option_count(arguments->options), sizeof(*arguments->rows));
	return arguments;
}

void arguments_free(struct arguments *arguments)
{
	if (!arguments || arguments->held)
		return;
	for (size_t i = 0; i < option_count(arguments->options); i++)
		list_clear(&arguments->rows[i].values);
	list_clear(&arguments->order);
	list_clear(&arguments->keys);
	free(arguments->rows);
	free(arguments);
}

struct argument *arguments_row(const struct arguments *arguments, const struct option *option)
{
	return &arguments->rows[option - arguments->options];
}

bool arguments_has(const struct arguments *arguments, const struct option *option)
{
	return arguments_row(arguments, option)->given;
}

bool arguments_read_only(const struct arguments *arguments)
{
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->traits & WRITES && arguments_row(arguments, o)->given)
			return false;
	return arguments->command->traits & COMMAND_READS;
}

const struct option *arguments_next_positional(const struct arguments *arguments)
{
	const struct option *behind = option_behind(arguments->options);

	if (behind && arguments->ended)
		return behind;
	for (const struct option *o = arguments->options; o->kind != OPTION_END && o != behind; o++)
		if (o->kind == OPTION_REST ||
		    (o->traits & POSITIONAL && !arguments_row(arguments, o)->given))
			return o;
	return NULL;
}

static bool repeats(const struct option *option)
{
	return option->kind == OPTION_REST || option->traits & REPEATS;
}

// VALUE is NULL for a flag, or where the value was left out.
static int give(struct arguments *arguments, const struct option *option, const char *value,
		struct error *err)
{
	struct argument *argument = arguments_row(arguments, option);

	// virsh refuses an option given twice; elsewhere, as in getopt programs, the last one
	// counts.
	if (argument->given && !repeats(option)) {
		if (arguments->grammar == GRAMMAR_VIRSH)
			return error_set(err, STATUS_USAGE, "option --%s already seen",
					 option->name);
		list_clear(&argument->values);
	}
	if (!argument->given || repeats(option))
		list_add(&arguments->order, option->name);
	argument->given = true;
	if (value)
		list_add(&argument->values, value);
	arguments->quiet = arguments->quiet || option->traits & ASKS_QUIET;
	arguments->json =
		arguments->json || (option->traits & ASKS_JSON && text_equal(value, "json"));
	return 0;
}

static int unknown_option(const struct arguments *arguments, const char *shown, const char *name,
			  struct error *err)
{
	const char *close = suggest_option(arguments->options, name);

	error_set(err, STATUS_USAGE, "'%s' does not support option %s", arguments->command->name,
		  shown);
	return close ? error_hint(err, "did you mean --%s?", close) : -1;
}

// The only option whose long name begins with NAME; NULL where none or several do.
static const struct option *option_beginning(const struct arguments *arguments, const char *name)
{
	const struct option *found = NULL;
	const char *ignored;

	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++) {
		if (!text_begins(o->name, name))
			continue;
		if (found)
			return NULL;
		found = option_find(arguments->options, o->name, &ignored);
	}
	return found;
}

struct cursor {
	const struct list *words;
	size_t next;
};

static const char *peek(const struct cursor *cursor)
{
	return cursor->next < cursor->words->count ? cursor->words->items[cursor->next] : NULL;
}

static int missing_value(const struct option *option, struct error *err)
{
	return error_set(err, STATUS_USAGE, "option --%s needs a value: --%s <%s>", option->name,
			 option->name, option->value ? option->value : "value");
}

// Takes the value of OPTION: what stood behind `=`, or the next word.
static int give_with_value(struct arguments *arguments, const struct option *option,
			   const char *attached, struct cursor *cursor, struct error *err)
{
	const char *next = peek(cursor);
	bool none = !next || (*next == '-' && !isdigit((unsigned char)next[1])); // -1 is one

	if (attached)
		return give(arguments, option, attached, err);
	if (option->traits & VALUE_OPTIONAL && none)
		return give(arguments, option, NULL, err);
	if (!next)
		return missing_value(option, err);
	cursor->next++;
	return give(arguments, option, next, err);
}

// --yes is common to the commands that may have to ask.
static bool asks(const struct command *command)
{
	return command->target && command->target->traits & TARGET_ASKS;
}

// The options that every command has. VALUE is NULL where none is attached.
static bool common_option(struct arguments *arguments, const char *name, const char *value)
{
	if (text_equal(name, "json") && value)
		arguments->keys = list_split(value, ",");
	else if (value)
		return false;
	if (text_equal(name, "json"))
		arguments->json = true;
	else if (text_equal(name, "yes") && asks(arguments->command))
		arguments->yes = true;
	else if (text_equal(name, "help"))
		arguments->help = true;
	else
		return false;
	return true;
}

static int parse_long(struct arguments *arguments, struct cursor *cursor, struct error *err)
{
	const char *word = cursor->words->items[cursor->next++];
	const char *equals = strchr(word, '=');
	auto_free char *name = equals ? text_copy_bytes(word + 2, (size_t)(equals - word - 2))
				      : text_copy(word + 2);
	const char *stands_for = NULL;
	const struct option *option = option_find(arguments->options, name, &stands_for);

	if (!option && arguments->grammar == GRAMMAR_GNU && !text_equal(name, "json") &&
	    !text_equal(name, "help"))
		option = option_beginning(arguments, name);
	if (!option) {
		auto_free char *shown = text_format("--%s", name);

		if (arguments->help || common_option(arguments, name, equals ? equals + 1 : NULL))
			return 0;
		return unknown_option(arguments, shown, name, err);
	}
	if (equals && (stands_for || !option_takes_value(option)))
		return error_set(err, STATUS_USAGE, "option --%s takes no value, it has '%s'", name,
				 equals + 1);
	if (stands_for || !option_takes_value(option))
		return give(arguments, option, stands_for, err);
	return give_with_value(arguments, option, equals ? equals + 1 : NULL, cursor, err);
}

static const struct option *option_of_letter(const struct arguments *arguments, char letter)
{
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->letter == letter || o->second == letter)
			return o;
	return NULL;
}

// -a, -ab, -oVALUE, -o VALUE
static int parse_letters(struct arguments *arguments, struct cursor *cursor, struct error *err)
{
	const char *letters = cursor->words->items[cursor->next++] + 1;

	for (; *letters; letters++) {
		const struct option *option = option_of_letter(arguments, *letters);

		if (!option) {
			char shown[] = {'-', *letters, '\0'};

			if (*letters == 'h') {
				arguments->help = true;
				continue;
			}
			return unknown_option(arguments, shown, shown + 1, err);
		}
		if (option_takes_value(option))
			return give_with_value(arguments, option, letters[1] ? letters + 1 : NULL,
					       cursor, err);
		if (give(arguments, option, NULL, err) < 0)
			return -1;
	}
	return 0;
}

// virsh takes `--x` for an option only when a letter or digit follows the dashes.
static bool is_long(const char *word)
{
	return word[0] == '-' && word[1] == '-' && isalnum((unsigned char)word[2]);
}

// A number such as -5 is a word, not letters.
static bool is_letters(const struct arguments *arguments, const char *word)
{
	return arguments->grammar == GRAMMAR_GNU && word[0] == '-' && word[1] != '\0' &&
	       word[1] != '-' && !isdigit((unsigned char)word[1]);
}

static int parse_word(struct arguments *arguments, struct cursor *cursor, struct error *err)
{
	const char *word = peek(cursor);
	const struct option *option;

	if (!arguments->ended && text_equal(word, "--")) {
		arguments->ended = true;
		cursor->next++;
		return 0;
	}
	if (!arguments->ended && is_long(word))
		return parse_long(arguments, cursor, err);
	if (!arguments->ended && is_letters(arguments, word))
		return parse_letters(arguments, cursor, err);
	option = arguments_next_positional(arguments);
	if (!option) {
		error_set(err, STATUS_USAGE, "'%s' has no use for '%s'", arguments->command->name,
			  word);
		// virsh takes a word with one dash for data, and so must we.
		if (*word == '-' &&
		    option_find(arguments->options, word + 1, &(const char *){NULL}))
			error_hint(err, "did you mean -%s?", word);
		return -1;
	}
	cursor->next++;
	arguments_row(arguments, option)->bare = true;
	return give(arguments, option, word, err);
}

bool arguments_ask_json(const struct list *words)
{
	for (size_t i = 0; i < words->count && !text_equal(words->items[i], "--"); i++)
		if (text_equal(words->items[i], "--json") ||
		    text_begins(words->items[i], "--json="))
			return true;
	return false;
}

static int check_required(const struct arguments *arguments, struct error *err)
{
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->traits & REQUIRED && !arguments_row(arguments, o)->given)
			return error_set(err, STATUS_USAGE, "'%s' needs <%s>",
					 arguments->command->name, o->name);
	return 0;
}

struct arguments *arguments_parse(const struct command *command, enum grammar grammar,
				  const struct list *words, struct error *err)
{
	auto_arguments struct arguments *arguments = arguments_new(command, grammar);
	struct cursor cursor = {.words = words};

	// With --help only the command counts: nothing is missing, and no option is unknown.
	for (size_t i = 0; i < words->count && !text_equal(words->items[i], "--"); i++)
		arguments->help = arguments->help || text_equal(words->items[i], "--help");
	while (peek(&cursor))
		if (parse_word(arguments, &cursor, err) < 0)
			return NULL;
	if (!arguments->help &&
	    (check_required(arguments, err) < 0 || arguments_check_keys(arguments, err) < 0))
		return NULL;
	return take(&arguments);
}

struct arguments *arguments_parse_globals(const struct command *globals, const struct list *words,
					  size_t *used, struct error *err)
{
	auto_arguments struct arguments *arguments = arguments_new(globals, GRAMMAR_GNU);
	struct cursor cursor = {.words = words};

	while (peek(&cursor) && *peek(&cursor) == '-' && !arguments->ended)
		if (parse_word(arguments, &cursor, err) < 0)
			return NULL;
	*used = cursor.next;
	return take(&arguments);
}

// The option at the cursor's word whose value must be the next word, or NULL.
static const struct option *wants_value(const struct arguments *arguments, const char *word)
{
	const struct option *option = NULL;
	const char *value = NULL;

	if (arguments->ended)
		return NULL;
	if (is_long(word))
		option = option_find(arguments->options, word + 2, &value);
	else if (is_letters(arguments, word))
		option = option_of_letter(arguments, word[strlen(word) - 1]);
	return option && !value && option_takes_value(option) && !(option->traits & VALUE_OPTIONAL)
		       ? option
		       : NULL;
}

struct arguments *arguments_parse_typed(const struct command *command, enum grammar grammar,
					const struct list *words, const struct option **expected)
{
	struct arguments *arguments = arguments_new(command, grammar);
	struct cursor cursor = {.words = words};

	*expected = NULL;
	while (peek(&cursor)) {
		auto_error struct error ignored = {0};
		const char *word = peek(&cursor);

		if (cursor.next + 1 == words->count && (*expected = wants_value(arguments, word)))
			break;
		if (parse_word(arguments, &cursor, &ignored) < 0 && peek(&cursor) == word)
			cursor.next++;
	}
	return arguments;
}
