// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/port.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"

enum { GREETING_MOST = 64 };

static bool wait_until(int fd, short events, const struct cancel *cancel, long long end)
{
	struct pollfd ready = {.fd = fd, .events = events};

	return cancel_poll(cancel, &ready, 1, clock_left(end)) > 0 && ready.revents;
}

static bool connects(int fd, const struct addrinfo *target, const struct cancel *cancel,
		     long long end)
{
	int failure = 0;
	socklen_t size = sizeof(failure);

	if (connect(fd, target->ai_addr, target->ai_addrlen) == 0)
		return true;
	return errno == EINPROGRESS && wait_until(fd, POLLOUT, cancel, end) &&
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
}

int port_connect(const char *address, unsigned port, const struct cancel *cancel, int milliseconds)
{
	const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM};
	long long end = clock_milliseconds() + milliseconds;
	struct addrinfo *target = NULL;
	char service[16];
	bool open;
	int fd;

	snprintf(service, sizeof(service), "%u", port);
	if (getaddrinfo(address, service, &wanted, &target) != 0)
		return -1;
	fd = socket(target->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	open = fd >= 0 && connects(fd, target, cancel, end);
	freeaddrinfo(target);
	if (!open && fd >= 0)
		close(fd);
	return open ? fd : -1;
}

bool port_answers(const char *address, unsigned port, const char *greeting,
		  const struct cancel *cancel, int milliseconds)
{
	long long end = clock_milliseconds() + milliseconds;
	auto_close int fd = port_connect(address, port, cancel, milliseconds);
	char said[GREETING_MOST] = "";
	ssize_t got = 0;

	if (fd < 0 || !greeting)
		return fd >= 0;
	if (wait_until(fd, POLLIN, cancel, end))
		got = recv(fd, said, sizeof(said), 0);
	return got >= (ssize_t)strlen(greeting) && memcmp(said, greeting, strlen(greeting)) == 0;
}
