// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "guest/guest.h"
#include "host/account.h"
#include "host/host.h"
#include "host/qemu_user.h"
#include "storage/storage.h"

// --- By the rights of the user, which only root can take -----------------------------------------

// The rights of this thread alone: the C library's calls would change all threads.
struct rights {
	gid_t *groups;
	int count;
};

static void take_rights(const struct account *user, struct rights *before)
{
	before->count = getgroups(0, NULL);
	before->groups = memory_new((size_t)before->count + 1, sizeof(gid_t));
	before->count = getgroups(before->count, before->groups);
	syscall(SYS_setgroups, (int)user->count, user->groups);
	setfsgid(user->count ? user->groups[0] : (gid_t)-1);
	setfsuid(user->uid);
}

static void give_back(struct rights *before)
{
	setfsuid(geteuid());
	setfsgid(getegid());
	syscall(SYS_setgroups, before->count, before->groups);
	free(before->groups);
}

static enum reach failed(int number, enum reach denied)
{
	if (number == ENOENT || number == ENOTDIR)
		return REACH_MISSING;
	return number == EACCES || number == EPERM ? denied : REACH_UNKNOWN;
}

// Asks the kernel about PATH, with the rights of this moment.
static enum reach try_to_find(const char *path)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);

	return fd >= 0 ? REACH_YES : failed(errno, REACH_CLOSED);
}

static enum reach try_to_open(const struct reach_wish *wish)
{
	auto_close int fd = open(wish->path, (wish->writes ? O_RDWR : O_RDONLY) | O_NONBLOCK |
						     O_NOCTTY | O_CLOEXEC);

	return fd >= 0 ? REACH_YES : failed(errno, REACH_DENIED);
}

// What is found below a directory that lets nobody through is stopped by that directory.
static enum reach try_each(const struct reach_wish *wish, char **at)
{
	auto_free char *part = text_copy(wish->path), *before = text_copy("/");
	enum reach reach = REACH_YES;

	for (char *slash = strchr(part + 1, '/'); slash && reach == REACH_YES;
	     slash = slash ? strchr(slash + 1, '/') : NULL) {
		*slash = '\0';
		reach = try_to_find(part);
		if (reach == REACH_YES) {
			free(before);
			before = text_copy(part);
			*slash = '/';
		} else if (reach == REACH_MISSING) {
			*at = text_copy(part);
			return reach;
		}
	}
	if (reach == REACH_YES)
		reach = try_to_find(wish->path);
	if (reach == REACH_YES && wish->opens)
		reach = try_to_open(wish);
	if (reach != REACH_YES)
		*at = reach == REACH_CLOSED ? take(&before) : text_copy(wish->path);
	return reach;
}

// --- By the modes of directories -----------------------------------------------------------------

static bool may_enter(const struct account *account, const struct stat *status)
{
	if (account->uid == 0)
		return true;
	if (status->st_uid == account->uid)
		return status->st_mode & S_IXUSR;
	if (account_in(account, status->st_gid))
		return status->st_mode & S_IXGRP;
	return status->st_mode & S_IXOTH;
}

// The directories above PATH that the user cannot go through.
static struct list find_closed(const struct account *account, const char *path)
{
	auto_free char *directory = text_copy(path);
	struct list closed = {0};

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		struct stat status;

		*slash = '\0';
		if (stat(directory, &status) == 0 && !may_enter(account, &status))
			list_add(&closed, directory);
		*slash = '/';
	}
	return closed;
}

enum reach reach_look(const struct account *user, const struct reach_wish *wish, char **at)
{
	auto_list struct list closed = {0};
	struct rights before;
	enum reach reach;
	struct stat status;

	if (geteuid() == 0) {
		take_rights(user, &before);
		reach = try_each(wish, at);
		give_back(&before);
		return reach;
	}
	closed = find_closed(user, wish->path);
	if (closed.count) {
		*at = text_copy(closed.items[0]);
		return REACH_CLOSED;
	}
	if (stat(wish->path, &status) == 0)
		return wish->opens ? REACH_UNKNOWN : REACH_YES;
	*at = text_copy(wish->path);
	return failed(errno, REACH_UNKNOWN);
}

void storage_warn_of_reach(struct storage *storage, const char *path)
{
	struct host host = {0};
	auto_error struct error ignored = {0};
	auto_text struct text words = {0};
	auto_list struct list closed = {0};
	struct qemu_user user;

	if (host_open(&host, NULL, &ignored) < 0)
		return;
	qemu_user_find(&user, &host);
	if (user.name && user.account.known)
		closed = find_closed(&user.account, path);
	for (size_t i = 0; i < closed.count; i++) {
		text_append_char(&words, ' ');
		text_append_quoted(&words, closed.items[i]);
	}
	if (closed.count)
		list_add_format(&storage->guest->warnings,
				"'%s' is out of reach for QEMU, whose user (%s) cannot enter%s: "
				"setfacl -m u:%s:x%s",
				path, user.name, text_string(&words), user.name,
				text_string(&words));
	qemu_user_clear(&user);
	host_close(&host);
}
