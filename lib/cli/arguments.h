// SPDX-License-Identifier: GPL-3.0-or-later
// The options and words given to a command, matched with its table.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "cli/command.h"

// What was given for one row of a table.
struct argument {
	bool given;
	bool bare; // by a word without the option's name
	struct list values;
	long long integer;
	unsigned long long size;
};

struct arguments {
	const struct command *command;
	enum grammar grammar;
	const struct option *options; // the command's, never NULL
	struct argument *rows;        // one for each row of the options
	struct list order;            // the names of the options that were given, as they came
	bool json;
	struct list keys; // of --json=KEY,KEY
	bool yes;         // go on without a question
	bool quiet;
	bool help;
	bool ended; // `--` was seen
	bool held;  // a call that was left behind still reads them: they are never freed
};

// Matches WORDS (without the command's name) with COMMAND's table. `--json` and `--help` are
// understood for every command. Gives NULL on wrong usage.
struct arguments *arguments_parse(const struct command *command, enum grammar grammar,
				  const struct list *words, struct error *err);

// Fails where --json=KEY,KEY names what is none of the command's results.
int arguments_check_keys(const struct arguments *arguments, struct error *err);

// Takes over the KEYS that --json=KEY,KEY before the command named, unless it names others itself.
int arguments_take_keys(struct arguments *arguments, const struct list *keys, struct error *err);

// A program's own options at the start of WORDS, which end at the first word that is none; the
// number of words they took goes to *USED. GLOBALS is the pseudo command that declares them.
struct arguments *arguments_parse_globals(const struct command *globals, const struct list *words,
					  size_t *used, struct error *err);

// For completion: as far as WORDS go, never an error. *EXPECTED is the option whose value the next
// word must be, or NULL where an option or the next positional may stand.
struct arguments *arguments_parse_typed(const struct command *command, enum grammar grammar,
					const struct list *words, const struct option **expected);
void arguments_free(struct arguments *arguments);

static inline void cleanup_arguments(struct arguments **arguments)
{
	arguments_free(*arguments);
}
#define auto_arguments __attribute__((cleanup(cleanup_arguments)))

// Whether words that cannot be parsed ask for JSON.
bool arguments_ask_json(const struct list *words);

// Whether the command with these arguments changes nothing and reads nothing secret.
bool arguments_read_only(const struct arguments *arguments);

struct argument *arguments_row(const struct arguments *arguments, const struct option *option);
bool arguments_has(const struct arguments *arguments, const struct option *option);

// The next option that a bare word would fill, or NULL.
const struct option *arguments_next_positional(const struct arguments *arguments);
