// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/events.h"

#include <libvirt/libvirt.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "base/error.h"
#include "virt/failure.h"

static void *run(void *data)
{
	(void)data;
	while (virEventRunDefaultImpl() == 0)
		continue;
	return NULL;
}

// libvirt has one event loop for a process, and so has this.
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int failed;

static void start(void)
{
	pthread_t thread;
	sigset_t all, before;

	failed = -1;
	if (virEventRegisterDefaultImpl() < 0)
		return;
	// Signals are for the threads that can act on them.
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, run, NULL) == 0) {
		pthread_detach(thread);
		failed = 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int events_start(struct error *err)
{
	pthread_once(&once, start);
	return failed ? virt_failure(err, "cannot start the event loop") : 0;
}
