// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"

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

int interrupt_check(struct error *err)
{
	return caught ? error_set(err, STATUS_SIGNAL + caught, "interrupted") : 0;
}

int interrupt_poll(struct pollfd *polls, nfds_t count, int milliseconds)
{
	struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
	sigset_t signals, before;
	int ready = -1;

	// Blocked until ppoll() waits: between a look at `caught` and the wait none gets lost.
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	errno = EINTR;
	if (!caught)
		ready = ppoll(polls, count, milliseconds < 0 ? NULL : &timeout, &before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ready;
}

int interrupt_signal(void)
{
	return caught;
}

void interrupt_set(int signal)
{
	caught = signal;
}
