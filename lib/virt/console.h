// SPDX-License-Identifier: GPL-3.0-or-later
// The text console of a guest, on the caller's terminal or only shown.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

struct error;

// What is done at the console in turn: a text is typed, or the output is waited for.
struct console_step {
	enum console_step_kind {
		CONSOLE_SEND,
		CONSOLE_TEXT,    // until this text has appeared
		CONSOLE_PATTERN, // until something has that this extended regular expression
				 // matches
	} kind;
	const char *text; // lent
};

struct console {
	virDomainPtr domain;
	const char *device; // the alias of a character device; NULL for the first console
	unsigned flags;     // VIR_DOMAIN_CONSOLE_...
	char escape;        // the control character that ends it
	bool resume;        // the guest is paused and runs on once the console is open
	int input;          // what is typed; -1: the guest hears nothing
	int output;         // where the guest's output goes
	const struct console_step *steps; // it ends behind the last one; lent
	size_t step_count;                // 0: it ends at the escape or the guest's end
	// Milliseconds that each step may wait until it ends with STATUS_TIMEOUT, 0: no bound.
	long long timeout;
};

// A stream of what the guest writes, which does not block; the caller's. NULL with an error:
// STATUS_CONFLICT where another has the console. Nothing of the steps is done.
virStreamPtr console_open(const struct console *console, struct error *err);

// Shows the console until the guest stops, the escape character is typed or all steps are done. A
// pattern that is none is STATUS_USAGE.
int console_run(const struct console *console, struct error *err);

// The character that "^]" or a single character means, as virsh's -e takes it, goes to ESCAPE;
// false when it is none.
bool console_escape(const char *string, char *escape);
