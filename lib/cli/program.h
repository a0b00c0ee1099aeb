// SPDX-License-Identifier: GPL-3.0-or-later
// The main() that programs with GNU-like command lines share.
#pragma once

struct context;
struct program;

// Runs one command of PROGRAM; SESSION is the program's own state. Gives the exit status.
int program_main(const struct program *program, void *session, int argc, char **argv);

// The last thing a program does: what could not be written to standard output is an error.
int program_close(struct context *context, int status);

// Says how the program is called, its own options and its commands.
void program_usage(struct context *context);

// Says the version, for -V and --version.
void program_version(const struct context *context);
