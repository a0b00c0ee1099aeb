// SPDX-License-Identifier: GPL-3.0-or-later
// The options of a guest in the tables of programs: rows, completion, and what they answer to
// `help`.
#pragma once

#include "guest/registry.h"

struct call;
struct list;
struct suboption_table;

// The table behind the option NAME ("disk"); NULL where it has no sub-options.
typedef const struct suboption_table *(*table_of)(const char *name);

// Completes the names behind the last comma of an option's value.
void guest_options_complete(struct call *call, table_of tables, struct list *found);

// The sub-options of every option of CALL's command that is asked for them, as by `--disk help`;
// false where none is.
bool guest_options_asked(struct call *call, table_of tables, struct list *names);

// clang-format off
// GUEST_OPTIONS(GUEST_ROW) is the rows; `suboptions` is the program's candidates.
#define GUEST_ROW(identifier_, letter_, traits_, name_, help_) \
	{ .kind = OPTION_TEXT, .traits = REPEATS | (traits_), .letter = (letter_), .name = (name_), \
	  .value = "sub-options", .candidates = suboptions, .help = (help_) },
// clang-format on
