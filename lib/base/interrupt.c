// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

// A signal handler reaches nothing but static storage.
static volatile sig_atomic_t caught;

static void catch (int signal)
{
	caught = signal;
}

void interrupt_catch_one(int signal)
{
	struct sigaction action = {.sa_handler = catch};

	// Without SA_RESTART: what waits in poll() or read() returns with EINTR and asks.
	sigaction(signal, &action, NULL);
}

void interrupt_catch(void)
{
	interrupt_catch_one(SIGINT);
	interrupt_catch_one(SIGTERM);
	interrupt_catch_one(SIGHUP);
}

int interrupt_signal(void)
{
	return caught;
}

void interrupt_set(int signal)
{
	caught = signal;
}
