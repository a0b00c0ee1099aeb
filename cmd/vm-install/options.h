// SPDX-License-Identifier: GPL-3.0-or-later
// The options of vm-install.
#pragma once

#include "cli/command.h"
#include "guest/suboption.h"

extern const struct option install_options[];
extern const struct rule install_rules[];

// The tables of options that describe no guest: --check, --location, ... ; ends with NULL.
extern const struct suboption_table *const install_tables[];

// The table behind an option ("disk"), for its help and completion; NULL where there is none.
const struct suboption_table *options_table(const char *name);
