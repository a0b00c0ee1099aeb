// SPDX-License-Identifier: GPL-3.0-or-later
// One run of one command. Nothing of it is shared with another run, so runs can stand side by side.
#pragma once

#include "cli/context.h"

struct arguments;
struct cancel;
struct command;
struct error;
struct kind;
struct option;
struct report;

// The object that a command acts on, or that an option names.
struct object {
	const struct kind *kind; // NULL: none
	void *handle;            // the library's
	const char *typed;       // as it was called; lent
};

struct call {
	struct context *context; // of the process
	void *session;           // the program's own state for this run, such as a connection
	const struct command *command;
	struct arguments *arguments;
	struct report *report;
	struct cancel *cancel;       // ends what waits: ^C, a deadline
	struct object object;        // that the command acts on,
	struct object within;        // and the one it is in
	const char *host;            // how its host is called; NULL where there is only one
	const struct option *option; // while completing: whose value is typed,
	const char *typed;           // as far as it is
	bool completing; // somebody types and waits: be quick, be silent, change nothing
	bool selected;   // one of many that a selector named
	void *apart;     // of a program's `part`; NULL
	void *found;     // what its command keeps for `compare`; NULL
	int status;      // exit status of a success that is not 0, such as STATUS_CHANGES
};

// Whether people read its text alone, piece by piece: not JSON, and not one of many.
bool call_is_single(const struct call *call);

// Says on standard error (and in the log) what went wrong, or is odd.
void call_error(const struct call *call, const struct error *err);
// A line on standard error that is no part of the answer, such as how far something is.
void call_note(const struct call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void call_warning(const struct call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
