// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

enum { LINKS_MOST = 40 };

struct walk {
	int at;        // where it has come to, O_PATH
	char *rest;    // what is left of the path
	int links;     // followed so far
	bool followed; // one that is neither ours nor root's, but
	uid_t owner;   // his
};

static void move(struct walk *walk, int fd)
{
	if (walk->at >= 0)
		close(walk->at);
	walk->at = fd;
}

static bool is_in_proc(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

// What the link FD holds comes before what is left.
static int follow(struct walk *walk, int fd, const struct stat *status)
{
	char to[PATH_MAX] = {0};
	char *rest;

	if (++walk->links > LINKS_MOST) {
		errno = ELOOP;
		return -1;
	}
	if (readlinkat(fd, "", to, sizeof(to) - 1) < 0)
		return -1;
	if (status->st_uid != 0 && status->st_uid != geteuid()) {
		if (walk->followed && walk->owner != status->st_uid) {
			errno = EPERM;
			return -1;
		}
		walk->followed = true;
		walk->owner = status->st_uid;
	}
	rest = text_format("%s/%s", to, walk->rest);
	free(walk->rest);
	walk->rest = rest;
	if (*to == '/')
		move(walk, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
	return walk->at < 0 ? -1 : 0;
}

static int step(struct walk *walk, const char *name)
{
	auto_close int fd = openat(walk->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (S_ISLNK(status.st_mode) && !is_in_proc(fd))
		return follow(walk, fd, &status);
	// A link of the kernel's, such as /proc/self/fd/3, leads to what is open and not to a name.
	if (S_ISLNK(status.st_mode)) {
		int there = openat(walk->at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

		move(walk, there);
		return there < 0 ? -1 : 0;
	}
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	move(walk, fd);
	fd = -1;
	return 0;
}

static int walk_on(struct walk *walk)
{
	while (*walk->rest) {
		size_t length = strcspn(walk->rest, "/");
		auto_free char *name = text_copy_bytes(walk->rest, length);

		length += strspn(walk->rest + length, "/");
		memmove(walk->rest, walk->rest + length, strlen(walk->rest + length) + 1);
		if (*name && !text_equal(name, ".") && step(walk, name) < 0)
			return -1;
	}
	return 0;
}

int directory_open(const char *path, struct error *err)
{
	struct walk walk = {.at = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
			    .rest = text_copy(path)};
	int failed = walk.at < 0 || walk_on(&walk) < 0 ? errno : 0;
	struct stat status;

	free(walk.rest);
	if (!failed && walk.followed &&
	    (fstat(walk.at, &status) < 0 || status.st_uid != walk.owner))
		failed = EPERM;
	if (!failed)
		return walk.at;
	move(&walk, -1);
	if (failed != EPERM)
		return error_set_errno(err, failed, "cannot open the directory '%s'", path);
	error_set(err, STATUS_CONFLICT,
		  "the path '%s' leads through another user's symbolic link to a file that is not "
		  "theirs",
		  path);
	return error_hint(err, "give the path without the link, if that is meant");
}
