// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/process.h"
#include "base/text.h"

enum { ARGUMENTS_MOST = 12 };

// A word on its standard input sends it home; the end of that without a word is our end.
#define CHILD "read -r word && exit 0; vmctl=$1 uri=$2 guest=$3; shift 3\n"

static int spawn(pid_t *pid, int in, const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failed;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	// What is sent to our group, such as ^C, is not for it.
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	failed = posix_spawn(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed ? -1 : 0;
}

void keeper_begin(struct keeper *keeper, virDomainPtr domain, const char *script,
		  const char *const *arguments)
{
	auto_free char *uri = virConnectGetURI(virDomainGetConnect(domain));
	auto_free char *self = process_self(), *line = text_format(CHILD "%s", script);
	const char *argv[ARGUMENTS_MOST + 8] = {
		"/bin/sh", "-c", line, "sh", self, uri, virDomainGetName(domain)};
	int ends[2];

	*keeper = (struct keeper){.fd = -1};
	for (size_t i = 0; i < ARGUMENTS_MOST && arguments[i]; i++)
		argv[i + 7] = arguments[i];
	if (!self || !uri || pipe2(ends, O_CLOEXEC) < 0)
		return;
	if (spawn(&keeper->pid, ends[0], argv) == 0)
		keeper->fd = ends[1];
	else
		close(ends[1]);
	close(ends[0]);
}

void keeper_end(struct keeper *keeper)
{
	if (keeper->fd < 0)
		return;
	while (write(keeper->fd, "\n", 1) < 0 && errno == EINTR)
		continue;
	close(keeper->fd);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}
