// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/recording.h"

static const char *const words[] = {
	[SOCKET_UNKNOWN] = "unknown", [SOCKET_ABSENT] = "absent", [SOCKET_DEAD] = "dead",
	[SOCKET_DENIED] = "denied",   [SOCKET_SILENT] = "silent", [SOCKET_ANSWERS] = "answers",
};

static enum socket_state recorded(const struct host *host, const char *path)
{
	auto_free char *key = text_format("socket %s", path);
	const char *word = facts_get(&host->facts, key);

	for (int i = SOCKET_ABSENT; word && i <= SOCKET_ANSWERS; i++)
		if (text_equal(word, words[i]))
			return (enum socket_state)i;
	return host->facts.recorded ? SOCKET_ABSENT : SOCKET_UNKNOWN;
}

// libvirt's RPC: length, program, version, procedure, type, serial, status; all big-endian. The
// procedure AUTH_LIST of the program REMOTE needs no authentication.
static bool ask(int fd)
{
	enum { WORDS = 7, LENGTH = WORDS * 4, AUTH_LIST = 66, PATIENCE = 1000 };
	const uint32_t call[WORDS] = {
		htonl(LENGTH), htonl(0x20008086), htonl(1), htonl(AUTH_LIST), 0, htonl(1), 0};
	struct pollfd answer = {.fd = fd, .events = POLLIN};
	char reply[LENGTH];

	if (send(fd, call, sizeof(call), MSG_NOSIGNAL) != sizeof(call))
		return false;
	return poll(&answer, 1, PATIENCE) == 1 && recv(fd, reply, sizeof(reply), 0) > 0;
}

static enum socket_state look(const struct host *host, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	auto_close int fd = -1;
	bool connected;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return SOCKET_UNKNOWN;
	guard_begin(host->root.guard, path);
	connected = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	guard_end(host->root.guard);
	if (connected)
		return ask(fd) ? SOCKET_ANSWERS : SOCKET_SILENT;
	if (errno == EAGAIN) // its queue of connections is full
		return SOCKET_SILENT;
	if (errno == EACCES || errno == EPERM)
		return SOCKET_DENIED;
	return errno == ENOENT || errno == ENOTDIR ? SOCKET_ABSENT : SOCKET_DEAD;
}

enum socket_state socket_look(const struct host *host, const char *path)
{
	auto_free char *key = text_format("socket %s", path);
	enum socket_state state;

	if (!host->root.live)
		return recorded(host, path);
	state = look(host, path);
	recording_note(host, key, "%s", words[state]);
	return state;
}
