// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/socket.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/host.h"
#include "host/record.h"

static const char *const words[] = {
	[SOCKET_UNKNOWN] = "unknown", [SOCKET_ABSENT] = "absent",   [SOCKET_DEAD] = "dead",
	[SOCKET_DENIED] = "denied",   [SOCKET_ANSWERS] = "answers",
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

static enum socket_state look(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	auto_close int fd = -1;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return SOCKET_UNKNOWN;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 || errno == EAGAIN)
		return SOCKET_ANSWERS;
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
	state = look(path);
	record_fact(host, key, "%s", words[state]);
	return state;
}
