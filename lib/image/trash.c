// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/trash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/file.h"
#include "base/instant.h"
#include "base/text.h"
#include "image/users.h"

enum { LIST_MOST = 64 << 20, BATCHES_MOST = 100 };

static const char top_name[] = ".vmkit-trash";
static const char list_name[] = "list.json";

static int open_own(int at, const char *name)
{
	auto_close int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	int own = -1;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	// What somebody else has made could be his list of our files.
	if (status.st_uid != geteuid() && status.st_uid != 0) {
		errno = EPERM;
		return -1;
	}
	own = fd;
	fd = -1;
	return own;
}

static int open_top(const char *directory, bool make, struct trash *trash, struct error *err)
{
	*trash = (struct trash)TRASH_NONE;
	trash->directory = directory_open(directory, err);
	if (trash->directory < 0)
		return -1;
	if (make && mkdirat(trash->directory, top_name, 0700) < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot make '%s/%s'", directory, top_name);
	trash->top = open_own(trash->directory, top_name);
	return trash->top < 0
		       ? error_set_errno(err, errno, "cannot open '%s/%s'", directory, top_name)
		       : 0;
}

static int begin(const char *directory, struct trash *trash, struct error *err)
{
	auto_free char *moment = instant_exact(time(NULL));

	if (open_top(directory, true, trash, err) < 0)
		return -1;
	for (int i = 1; i <= BATCHES_MOST; i++) {
		free(trash->name);
		trash->name = i == 1 ? text_copy(moment) : text_format("%s-%02d", moment, i);
		if (mkdirat(trash->top, trash->name, 0700) == 0)
			break;
		if (errno != EEXIST || i == BATCHES_MOST)
			return error_set_errno(err, errno, "cannot make '%s/%s/%s'", directory,
					       top_name, trash->name);
	}
	trash->path = text_format("%s/%s/%s", directory, top_name, trash->name);
	trash->batch = open_own(trash->top, trash->name);
	return trash->batch < 0 ? error_set_errno(err, errno, "cannot open '%s'", trash->path) : 0;
}

int trash_begin(const char *directory, struct trash *trash, struct error *err)
{
	int failed = begin(directory, trash, err);

	if (failed)
		trash_close(trash);
	return failed;
}

// The name of the last batch, the caller's; NULL where there is none.
static char *find_last(int top)
{
	int fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fd < 0 ? NULL : fdopendir(fd);
	char *last = NULL;
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		if (*entry->d_name == '.' || (last && strcmp(entry->d_name, last) < 0))
			continue;
		free(last);
		last = text_copy(entry->d_name);
	}
	if (all)
		closedir(all);
	return last;
}

int trash_open(const char *directory, struct trash *trash, struct error *err)
{
	if (open_top(directory, false, trash, err) == 0)
		trash->name = find_last(trash->top);
	else if (err->status == STATUS_NOT_FOUND)
		error_clear(err);
	if (trash->name) {
		trash->path = text_format("%s/%s/%s", directory, top_name, trash->name);
		trash->batch = open_own(trash->top, trash->name);
		if (trash->batch < 0)
			error_set_errno(err, errno, "cannot open '%s'", trash->path);
	} else if (!err->status) {
		error_set(err, STATUS_NOT_FOUND, "nothing of '%s' was put away", directory);
	}
	if (trash->batch >= 0)
		return 0;
	trash_close(trash);
	return -1;
}

int trash_write_list(const struct trash *trash, const char *text, struct error *err)
{
	auto_close int fd = openat(trash->batch, list_name,
				   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || file_write_all(fd, text, strlen(text)) < 0 || fsync(fd) < 0 ||
	    fsync(trash->batch) < 0)
		return error_set_errno(err, errno, "cannot write '%s/%s'", trash->path, list_name);
	return 0;
}

char *trash_read_list(const struct trash *trash, struct error *err)
{
	auto_close int fd =
		openat(trash->batch, list_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return file_read_fd(fd, trash->path, LIST_MOST, NULL, err);
	error_set_errno(err, errno, "cannot read '%s/%s'", trash->path, list_name);
	return NULL;
}

static void find_users(int fd, struct users *users)
{
	auto_free char *path = text_format("/proc/self/fd/%d", fd);
	const char *paths[] = {path};

	users_find(paths, 1, users);
}

// With the lease nobody else has it open, and whoever opens it waits until we are done and is none
// the worse. 1: the file system has none, and only who is seen now is kept out.
static int lease(int fd, const char *name, struct error *err)
{
	auto_users struct users users = {0};
	auto_free char *user = NULL;
	bool open_elsewhere;

	fcntl(fd, F_SETSIG, SIGURG);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) == 0)
		return 0;
	open_elsewhere = errno == EAGAIN || errno == EBUSY;
	find_users(fd, &users);
	if (!users.count)
		return open_elsewhere ? error_set(err, STATUS_CONFLICT, "'%s' is in use", name) : 1;
	user = users_name(&users.all[0]);
	return error_set(err, STATUS_CONFLICT, "'%s' is in use by %s", name, user);
}

// Whether somebody has come since the lease was given.
static bool is_wanted(int fd, bool leased)
{
	auto_users struct users users = {0};

	if (leased)
		return fcntl(fd, F_GETLEASE) != F_WRLCK;
	find_users(fd, &users);
	return users.count;
}

int trash_put(const struct trash *trash, const char *name, struct error *err)
{
	auto_close int fd =
		openat(trash->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int leased = fd < 0 ? 0 : lease(fd, name, err);

	if (fd < 0)
		return error_set_errno(err, errno, "cannot open '%s'", name);
	if (leased < 0)
		return -1;
	if (renameat2(trash->directory, name, trash->batch, name, RENAME_NOREPLACE) < 0)
		return error_set_errno(err, errno, "cannot put '%s' away", name);
	if (file_is_at(fd, trash->batch, name) && !is_wanted(fd, leased == 0))
		return 0;
	if (renameat2(trash->batch, name, trash->directory, name, RENAME_NOREPLACE) < 0)
		return error_set_errno(err, errno,
				       "'%s' is in use and cannot be moved back out of '%s'", name,
				       trash->path);
	return error_set(err, STATUS_CONFLICT, "'%s' was opened meanwhile", name);
}

int trash_take_back(const struct trash *trash, const char *name, struct error *err)
{
	struct stat status;

	if (!*name || strchr(name, '/') || text_equal(name, ".") || text_equal(name, "..") ||
	    text_equal(name, list_name))
		return error_set(err, STATUS_FAILED, "'%s' in the list is not a file name", name);
	if (fstatat(trash->batch, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return error_set_errno(err, errno, "'%s' is not in '%s'", name, trash->path);
	if (!S_ISREG(status.st_mode))
		return error_set(err, STATUS_FAILED, "'%s' is not a regular file", name);
	if (renameat2(trash->batch, name, trash->directory, name, RENAME_NOREPLACE) == 0)
		return 0;
	return errno == EEXIST
		       ? error_set(err, STATUS_CONFLICT, "another '%s' was created meanwhile", name)
		       : error_set_errno(err, errno, "cannot take '%s' back", name);
}

// Whether it holds anything but its list; true too where that cannot be told.
static bool is_full(const struct trash *trash)
{
	int fd = openat(trash->batch, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool full = !all;

	while (all && !full && (entry = readdir(all)))
		full = !text_equal(entry->d_name, ".") && !text_equal(entry->d_name, "..") &&
		       !text_equal(entry->d_name, list_name);
	if (all)
		closedir(all);
	return full;
}

static void remove_empty(const struct trash *trash)
{
	if (is_full(trash))
		return;
	unlinkat(trash->batch, list_name, 0);
	if (unlinkat(trash->top, trash->name, AT_REMOVEDIR) == 0)
		unlinkat(trash->directory, top_name, AT_REMOVEDIR);
}

void trash_close(struct trash *trash)
{
	const int fds[] = {trash->batch, trash->top, trash->directory};

	if (trash->batch >= 0)
		remove_empty(trash);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(trash->name);
	free(trash->path);
	*trash = (struct trash)TRASH_NONE;
}
