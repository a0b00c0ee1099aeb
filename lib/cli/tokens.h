// SPDX-License-Identifier: GPL-3.0-or-later
// The lexer: a command string becomes commands, each a list of words, by virsh's rules.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;

struct tokens {
	struct list *commands; // the words of each; none is empty
	size_t count;
};

// `;` and newline end a command; blank and tab separate words; '...' is literal, in "..." and
// outside quotes a backslash takes the next character as it is, and vanishes with a newline; quoted
// and plain pieces that touch are one word; `#` at the start of a word begins a comment up to the
// newline. An open ' is closed by the end of the string; an open " and a backslash at the end are
// errors.
int tokens_split(const char *string, struct tokens *tokens, struct error *err);

// Adds the words of a single command by the same rules, but for `;`, newline and `#`, which are no
// more than a separator and themselves.
int tokens_words(const char *string, struct list *words, struct error *err);

// Whether a command of this name is a comment, up to its end: even quoted, as virsh has it.
bool tokens_comment(const char *command);

void tokens_clear(struct tokens *tokens);
#define auto_tokens __attribute__((cleanup(tokens_clear)))
