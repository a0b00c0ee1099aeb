// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/typed.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

// A character that means something to a shell, or to virsh's lexer.
static const char special[] = " \t\"'\\$`<>;&|()*?[]#~!{}";
static const char special_in_double_quotes[] = "\"\\$`";

struct reading {
	struct typed typed;
	struct text word;
	bool inside;        // of a word, which may be empty: ""
	bool shell;         // not virsh's lexer
	const char *breaks; // where readline begins a word anew
};

static void end_word(struct reading *reading)
{
	if (reading->inside)
		list_add_owned(&reading->typed.words, text_take(&reading->word));
	reading->inside = false;
	reading->typed.kept = 0;
}

// What stands up to here is not replaced.
static void keep(struct reading *reading)
{
	reading->typed.kept = reading->word.length;
}

// A backslash and a newline vanish, and the line goes on.
static bool goes_on(const char *next)
{
	return next[0] == '\\' && next[1] == '\n';
}

// A character within quotes, or behind a backslash; gives the next one.
static const char *read_quoted(struct reading *reading, const char *next)
{
	char quote = reading->typed.quote;

	if (*next == quote) {
		reading->typed.quote = '\0';
		if (strchr(reading->breaks, quote))
			keep(reading);
	} else if (quote == '"' && goes_on(next)) {
		next++;
	} else if (*next == '\\' && quote == '"' && next[1] &&
		   (!reading->shell || strchr(special_in_double_quotes, next[1]))) {
		text_append_char(&reading->word, *++next);
	} else {
		text_append_char(&reading->word, *next);
	}
	return next + 1;
}

static const char *read_plain(struct reading *reading, const char *next)
{
	if (*next == ';' || *next == '\n') {
		end_word(reading);
		list_clear(&reading->typed.words);
		return next + 1;
	}
	if (*next == ' ' || *next == '\t') {
		end_word(reading);
		return next + 1;
	}
	if (goes_on(next))
		return next + 2;
	if (*next == '#' && !reading->inside)
		return next + strcspn(next, "\n");
	reading->inside = true;
	if (*next == '\'' || *next == '"') {
		reading->typed.quote = *next;
		keep(reading);
	} else if (*next == '\\') {
		if (next[1])
			text_append_char(&reading->word, *++next);
	} else {
		text_append_char(&reading->word, *next);
		if (strchr(reading->breaks, *next))
			keep(reading);
	}
	return next + 1;
}

static struct typed read_line(struct reading *reading, const char *line)
{
	while (*line)
		line = reading->typed.quote ? read_quoted(reading, line)
					    : read_plain(reading, line);
	// The word at the cursor, even where it has not begun.
	list_add_owned(&reading->typed.words, text_take(&reading->word));
	return reading->typed;
}

struct typed typed_as_command(const char *line)
{
	struct reading reading = {.breaks = ""};
	struct typed typed = read_line(&reading, line);

	// Behind quotes that are closed readline replaces the whole word.
	if (!typed.quote)
		typed.kept = 0;
	return typed;
}

struct typed typed_in_shell(const char *line, const char *breaks)
{
	struct reading reading = {.shell = true, .breaks = breaks};

	return read_line(&reading, line);
}

void typed_clear(struct typed *typed)
{
	list_clear(&typed->words);
}

char *typed_replacement(const struct typed *typed, const char *candidate)
{
	struct text out = {0};

	for (const char *c = candidate + typed->kept; *c; c++) {
		if (typed->quote == '\'' && *c == '\'') {
			text_append(&out, "'\\''");
			continue;
		}
		// Behind a backslash it would vanish.
		if (*c == '\n') {
			text_append(&out, typed->quote ? "\n" : "'\n'");
			continue;
		}
		if (typed->quote != '\'' &&
		    strchr(typed->quote ? special_in_double_quotes : special, *c))
			text_append_char(&out, '\\');
		text_append_char(&out, *c);
	}
	return text_take(&out);
}
