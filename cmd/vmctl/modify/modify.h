// SPDX-License-Identifier: GPL-3.0-or-later
// The options of `modify`.
#pragma once

#include "cli/command.h"
#include "guest/option.h"

extern const struct option modify_options[];
extern const struct rule modify_rules[];

// The options that say what is changed, one after the other; NULL behind the last.
const struct guest_option *modify_option_at(unsigned index);

// The table behind the option NAME; NULL where it has none.
const struct suboption_table *modify_table(const char *name);
