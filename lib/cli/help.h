// SPDX-License-Identifier: GPL-3.0-or-later
// `help`: what the tables say, for people. Its options give the same as JSON and as a part of the
// man page.
#pragma once

#include <stdbool.h>

struct command;
struct call;
struct option;
struct program;
struct text;

extern const struct command help_command;

// Reports the help of one command.
int help_command_report(struct call *call, const struct command *command);

// Reports how the program is called, its own options and its commands.
void help_program_report(struct call *call);

// What stands behind the name of a command: "<domain> [--all] [--mode <string>]".
void help_synopsis(struct text *out, const struct program *program, const struct command *command);

// What the value of OPTION is called.
const char *help_value_name(const struct option *option);
