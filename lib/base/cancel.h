// SPDX-License-Identifier: GPL-3.0-or-later
// What ends work before it is done: a signal or a deadline. Whatever waits, waits through
// cancel_poll().
#pragma once

#include <poll.h>

struct error;

struct cancel {
	const struct cancel *parent; // what ends that one ends this one too; NULL for none
	long long deadline;          // of clock_milliseconds(), 0 for none
};

// Makes it ready; PARENT must outlive it.
void cancel_begin(struct cancel *cancel, const struct cancel *parent);

// Ends it after so many milliseconds; 0 takes the deadline away.
void cancel_after(struct cancel *cancel, long long milliseconds);

// 0, or -1 once a signal came or a deadline, its own or a parent's, has passed. NULL is ended by
// signals alone.
int cancel_check(const struct cancel *cancel, struct error *err);

// poll() that ends with -1 when cancel_check() would fail; 0 when MILLISECONDS (-1: for ever) are
// over, else the number of POLLS that are ready.
int cancel_poll(const struct cancel *cancel, struct pollfd *polls, nfds_t count, int milliseconds);
