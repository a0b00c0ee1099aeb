// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT, SIGTERM and SIGHUP as a question that long work asks, so that it can undo what it has
// begun.
#pragma once

// From now on these signals do not end the program: interrupt_signal() tells.
void interrupt_catch(void);
void interrupt_catch_one(int signal);

// The number of the signal that came, 0 if none did.
int interrupt_signal(void);

// As if SIGNAL had come (0: as if none had); the shell stops a command with it.
void interrupt_set(int signal);
