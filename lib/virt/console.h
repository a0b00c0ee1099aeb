// SPDX-License-Identifier: GPL-3.0-or-later
// The text console of a guest, on the caller's terminal or only shown.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct error;

struct console {
	virDomainPtr domain;
	const char *device; // the alias of a character device; NULL for the first console
	unsigned flags;     // VIR_DOMAIN_CONSOLE_...
	char escape;        // the control character that ends it
	bool resume;        // the guest is paused and runs on once the console is open
	int input;          // what is typed; -1: the guest hears nothing
	int output;         // where the guest's output goes
	const char
		*until; // end when this text has appeared; NULL: at the escape or the guest's end
	long long timeout; // milliseconds until it ends with STATUS_TIMEOUT, 0 for none
};

// Shows the console until the guest stops, the escape character is typed or the text has appeared.
int console_run(const struct console *console, struct error *err);

// The character that "^]" or a single character means, as virsh's -e takes it, goes to ESCAPE;
// false when it is none.
bool console_escape(const char *string, char *escape);
