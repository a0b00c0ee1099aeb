// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT, SIGTERM and SIGHUP as a question that long work asks, so that it can undo what it has
// begun.
#pragma once

#include <poll.h>
#include <stdbool.h>

struct error;

// From now on these signals do not end the program: interrupt_signal() tells.
void interrupt_catch(void);
void interrupt_catch_one(int signal);

// The same for as long as one command works, between these two; calls may stand side by side.
void interrupt_hold(void);
void interrupt_let(void);

// The number of the signal that came, 0 if none did.
int interrupt_signal(void);

// Whether the process ends for it, and not one command of many: what only says goodbye to a host,
// which may not answer, is left out then.
bool interrupt_ends_process(void);

// Fails once such a signal came: "interrupted", with the status that tells which.
int interrupt_check(struct error *err);

// poll() of at most 16 that such a signal ends with EINTR, one that came since interrupt_signal()
// was last asked too.
int interrupt_poll(struct pollfd *polls, nfds_t count, int milliseconds);

// As if SIGNAL had come (0: as if none had); the shell stops a command with it.
void interrupt_set(int signal);
