// SPDX-License-Identifier: GPL-3.0-or-later
// The tables as JSON: `help --json`.
#pragma once

struct command;
struct program;
struct report;

// One object for COMMAND.
void describe_command(struct report *report, const struct program *program,
		      const struct command *command);

// A list with an object for each command.
void describe_program(struct report *report, const struct program *program);
