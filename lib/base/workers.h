// SPDX-License-Identifier: GPL-3.0-or-later
// Many pieces of work side by side.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cancel;

struct work {
	size_t count;                               // pieces
	void (*run)(void *data, size_t index);      // one of them, in a thread of its own
	void *data;                                 // all of them share it
	unsigned (*lane)(void *data, size_t index); // pieces of one lane share its width; NULL: one
	unsigned width;                             // pieces of one lane that run at a time
};

// Runs all pieces, in their order as far as lanes allow, and waits for them. When CANCEL ends it,
// no further one begins, and what runs has GRACE milliseconds to end. False: some did not end even
// then. They go on in their threads, so `data` must stay, and the process ends without waiting for
// them (base/exit.h).
bool workers_run(const struct work *work, const struct cancel *cancel, int grace);
