// SPDX-License-Identifier: GPL-3.0-or-later
// All state of a running program: nothing is kept in file statics, since the shell runs many
// commands in one process.
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct arguments;
struct command;
struct error;
struct option;
struct program;
struct report;

struct context {
	const struct program *program;
	void *session; // the program's own state

	FILE *out;    // standard output, or where a test collects it
	FILE *errors; // standard error
	FILE *log;    // errors are also written here; NULL for nowhere
	bool json;    // asked for before the command
	bool quiet;
	bool timing;
	bool many;           // several commands: each JSON document on a line of its own
	bool interactive;    // someone types the commands
	bool leave;          // `quit` was run
	bool completing;     // somebody types and waits: be quick, be silent, change nothing
	bool terminal_taken; // an editor or a console has the terminal: ^C is for it
	bool abandoned;      // the shell has given up on the command: it must not say anything more
	long line;           // of the batch being read, 0 outside one

	struct arguments *globals; // what program_main() was given before the command

	// Of the command that runs.
	const struct command *command;
	struct arguments *arguments;
	struct report *report;
	void *target;                // what the command's `target` found
	const struct option *option; // while completing: whose value is typed,
	const char *typed;           // as far as it is
	int status; // exit status of a success that is not 0, such as STATUS_CHANGES
};

// Says on standard error (and in the log) what went wrong, or is odd.
void context_error(struct context *context, const struct error *err);
void context_warning(struct context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
