// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at a machine without ever hanging with it: opening a device, reading a file of a network
// or FUSE file system, even asking whether a path is there may never come to an end, and then not
// even SIGKILL ends it. So the work is done by a process of its own that shares our memory, and
// says what it is waiting for; what does not come back is left behind.
#pragma once

#include <stdatomic.h>

struct error;

struct guard {
	atomic_ulong looks;         // how many there have been
	_Atomic(const char *) path; // being looked at now; NULL for nothing
	long long lost;             // milliseconds that were spent on what did not come back
	void *stack;                // of the process that looks, kept for the next
	char *stuck;                // what did not come back last; NULL where nothing did
};

// Around each call that may block; WATCH may be NULL. In between nothing may change what the
// process shares with the one that watches: it may end right there.
void guard_begin(struct guard *guard, const char *path);
void guard_end(struct guard *guard);

// Runs RUN(DATA) with what it allocates and changes in our memory, with descriptors of its own.
// 0, or -1 when a look at `stuck` has not come back within a second (less once that has happened
// before). What RUN then held is lost; it may be called again for what is left to do.
int guard_run(struct guard *guard, void (*run)(void *data), void *data);

// The same for work that can fail: its status, or -1 with STATUS_TIMEOUT and what did not come
// back. Without a guard it is just called.
int guard_try(struct guard *guard, int (*run)(void *data, struct error *err), void *data,
	      struct error *err);

void guard_clear(struct guard *guard);
#define auto_guard __attribute__((cleanup(guard_clear)))
