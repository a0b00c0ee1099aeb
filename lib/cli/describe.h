// SPDX-License-Identifier: GPL-3.0-or-later
// The tables as JSON: `help --json`.
#pragma once

#include "output/field.h"

struct command;
struct program;
struct report;

// The results of `help`: what these two report, and what else it may be asked for.
extern const struct field describe_results[];

// One object for COMMAND.
void describe_command(struct report *report, const struct program *program,
		      const struct command *command);

// A list with an object for each command.
void describe_program(struct report *report, const struct program *program);
