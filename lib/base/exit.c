// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static atomic_bool at_once;

void exit_at_once(void)
{
	atomic_store(&at_once, true);
}

static void judge_pipe(int signal)
{
	int before = errno;
	struct pollfd streams[] = {{.fd = STDOUT_FILENO}, {.fd = STDERR_FILENO}};

	// POLLERR needs no asking for.
	if (poll(streams, 2, 0) > 0 && (streams[0].revents | streams[1].revents) & POLLERR) {
		sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
		raise(signal);
	}
	errno = before;
}

void exit_at_own_pipes(void)
{
	struct sigaction action = {.sa_handler = judge_pipe, .sa_flags = SA_RESTART}, before;

	sigaction(SIGPIPE, NULL, &before);
	if (before.sa_handler == SIG_DFL)
		sigaction(SIGPIPE, &action, NULL);
}

int exit_status(int status)
{
	if (!atomic_load(&at_once))
		return status;
	fflush(NULL);
	_exit(status);
}
