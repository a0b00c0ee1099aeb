// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "host/account.h"

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

// --- One file or directory, wherever it is -------------------------------------------------------

// RIGHT is that of others (S_IXOTH, S_IROTH).
static bool modes_allow(const struct account *user, const struct stat *status, mode_t right)
{
	if (user->uid == 0)
		return true;
	if (status->st_uid == user->uid)
		return status->st_mode & (right << 6);
	if (account_in(user, status->st_gid))
		return status->st_mode & (right << 3);
	return status->st_mode & right;
}

// What the modes deny an ACL may grant.
static bool list_allows(const struct account *user, const char *path, mode_t right)
{
	// Only this right is asked about: the way there may be closed.
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);
	struct rights before;
	bool allowed;

	if (geteuid() != 0)
		return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
	take_rights(user, &before);
	allowed =
		faccessat(fd, "", right == S_IXOTH ? X_OK : R_OK, AT_EACCESS | AT_EMPTY_PATH) == 0;
	give_back(&before);
	return allowed;
}

static bool may(const struct account *user, const char *path, mode_t right)
{
	struct stat status;

	return stat(path, &status) < 0 || modes_allow(user, &status, right) ||
	       list_allows(user, path, right);
}

// Calls EACH for the directories above PATH that the user cannot go through.
static void for_each_closed(const struct account *user, const char *path,
			    void (*each)(void *data, const char *directory), void *data)
{
	auto_free char *directory = text_copy(path);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!may(user, directory, S_IXOTH))
			each(data, directory);
		*slash = '/';
	}
}

static void keep_first(void *data, const char *directory)
{
	char **first = data;

	if (!*first)
		*first = text_copy(directory);
}

static void append_word(void *data, const char *directory)
{
	text_append_char(data, ' ');
	advice_append_word(data, directory);
}

enum reach reach_look(const struct account *user, const struct reach_wish *wish, char **at)
{
	auto_free char *closed = NULL;
	struct rights before;
	enum reach reach;
	struct stat status;

	if (geteuid() == 0) {
		take_rights(user, &before);
		reach = try_each(wish, at);
		give_back(&before);
		return reach;
	}
	for_each_closed(user, wish->path, keep_first, &closed);
	if (closed) {
		*at = take(&closed);
		return REACH_CLOSED;
	}
	if (stat(wish->path, &status) == 0)
		return wish->opens ? REACH_UNKNOWN : REACH_YES;
	*at = text_copy(wish->path);
	return failed(errno, REACH_UNKNOWN);
}

void reach_closed(const struct account *user, const char *path, struct text *closed)
{
	for_each_closed(user, path, append_word, closed);
}

bool reach_may_read(const struct account *user, const char *path)
{
	return may(user, path, S_IROTH);
}
