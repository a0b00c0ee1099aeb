// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand next on a command line that is being typed.
#pragma once

#include <stdbool.h>

struct call;
struct list;

// `complete`: the candidates for the words behind it, for bash. Every program has it.
extern const struct command complete_command;

// WORDS are those of the line up to the cursor, the last one what is typed of the next (perhaps
// ""). Adds to FOUND what may replace the last word. Gives true where file names fit instead.
bool complete_words(struct call *call, const struct list *words, struct list *found);
