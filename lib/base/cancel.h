// SPDX-License-Identifier: GPL-3.0-or-later
// What ends work before it is done: a signal, a deadline, or a sibling's failure. Whatever waits,
// waits through cancel_poll().
#pragma once

#include <poll.h>
#include <stdatomic.h>

struct error;

struct cancel {
	const struct cancel *parent; // what ends that one ends this one too; NULL for none
	int fd;                      // an eventfd, readable once it was fired
	atomic_int status;           // that it was fired with, 0 while it was not
	long long deadline;          // of clock_milliseconds(), 0 for none
};

// Makes it ready; PARENT must outlive it.
void cancel_begin(struct cancel *cancel, const struct cancel *parent);
// Also takes one that was never begun (all zero).
void cancel_end(struct cancel *cancel);
#define auto_cancel __attribute__((cleanup(cancel_end)))

// From now on it is ended, for all that wait on it or on a child of it. STATUS is the exit status
// that cancel_check() gives.
void cancel_fire(struct cancel *cancel, int status);

// Ends it after so many milliseconds; 0 takes the deadline away.
void cancel_after(struct cancel *cancel, long long milliseconds);

// 0, or -1 once a signal came, it or a parent was fired, or a deadline has passed. NULL is ended by
// signals alone.
int cancel_check(const struct cancel *cancel, struct error *err);

// Milliseconds until the nearest deadline: at most MOST (-1: no bound of one's own), -1 for ever.
int cancel_left(const struct cancel *cancel, int most);

// poll() that ends with -1 when cancel_check() would fail; 0 when MILLISECONDS (-1: for ever) are
// over, else the number of POLLS (at most 8) that are ready.
int cancel_poll(const struct cancel *cancel, struct pollfd *polls, nfds_t count, int milliseconds);
