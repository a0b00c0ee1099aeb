// SPDX-License-Identifier: GPL-3.0-or-later
// The state of a running program. What belongs to one run of one command is in struct call; nothing
// is kept in file statics, since the shell runs many commands in one process.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

struct arguments;
struct error;
struct list;
struct peer;
struct program;

struct context {
	const struct program *program;
	const char *name; // that it was called by
	void *session;    // the program's own state

	FILE *out;               // standard output, or where a test collects it
	FILE *errors;            // standard error
	FILE *log;               // errors are also written here; NULL for nowhere
	bool json;               // asked for before the command,
	const struct list *keys; // and only these of the results; NULL for all. Lent
	bool quiet;
	bool timing;
	int verbosity;              // 0 to 4: how much of what trace.h tells is shown
	bool many;                  // several commands: each JSON document on a line of its own
	bool goes_on;               // another command of the same line follows
	const struct peer *peer;    // called by its name: behaves as that one; NULL
	const char *stands_for;     // by this command alone; NULL: by all of the program
	bool interactive;           // someone types the commands
	bool leave;                 // `quit` was run
	atomic_bool terminal_taken; // an editor or a console has the terminal: ^C is for it
	bool left_behind;           // threads still work on what was given up: free nothing
	atomic_bool abandoned;      // the shell has given up on it: it must not say anything more
	long line;                  // of the batch being read, 0 outside one

	struct arguments *globals; // what was given before the command
};

// Says on standard error (and in the log) what went wrong; call.h has the same for a command that
// runs.
void context_error(struct context *context, const struct error *err);

// Errors go to the end of the file PATH too, instead of one that was opened before.
int context_log_open(struct context *context, const char *path, struct error *err);

// Writes a line to the log, where there is one.
void context_log(struct context *context, const char *level, const char *message);
