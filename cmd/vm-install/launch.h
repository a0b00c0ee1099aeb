// SPDX-License-Identifier: GPL-3.0-or-later
// The guest is defined, started, shown and waited for.
#pragma once

#include <stdbool.h>

struct error;
struct installation;

struct launch {
	bool console;      // show its console
	const char *until; // ... until this text appears, NULL: until it is left or the guest stops
	bool wait;         // until the guest stops
	long long minutes; // ... or that much time has passed; 0 for ever
	bool graphical;    // show its display
	bool transient;    // it is never defined
	bool no_reboot;    // leave it off when its installation is done
};

// Makes the guest known and starts it.
int launch_start(struct installation *installation, const struct launch *launch, struct error *err);

// What comes after the start, as LAUNCH has it. The guest stays whatever happens here.
int launch_follow(struct installation *installation, const struct launch *launch,
		  struct error *err);
