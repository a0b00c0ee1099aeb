// SPDX-License-Identifier: GPL-3.0-or-later
// One run of one command. Nothing of it is shared with another run, so runs can stand side by side.
#pragma once

#include "cli/context.h"

struct arguments;
struct command;
struct error;
struct option;
struct report;

struct call {
	struct context *context; // of the process
	void *session;           // the program's own state for this run, such as a connection
	const struct command *command;
	struct arguments *arguments;
	struct report *report;
	void *target;                // what the command's `target` found
	const struct option *option; // while completing: whose value is typed,
	const char *typed;           // as far as it is
	bool completing; // somebody types and waits: be quick, be silent, change nothing
	int status;      // exit status of a success that is not 0, such as STATUS_CHANGES
};

// Says on standard error (and in the log) what went wrong, or is odd.
void call_error(struct call *call, const struct error *err);
void call_warning(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
