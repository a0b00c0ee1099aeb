// SPDX-License-Identifier: GPL-3.0-or-later
// The commands about kernel modules.
#pragma once

#include "cli/command.h"

extern const struct command modules_command, load_command, unload_command, reload_command;

// The modules that guests have to do with, in the order in which they are shown; ends with NULL.
extern const char *const modules_of_guests[];

// Adds their names, for completion.
void modules_names(struct call *call, struct list *found);
