// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/aside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"

enum { NAME_MOST = 150, HOST_MOST = 48 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

// ".disk.qcow2.vm-img-HOST-", and the process is to follow: hidden, so that pools do not take it
// for an image, and telling who makes it, so that what a killed program has left can be removed.
static char *prefix_of(const char *target)
{
	char host[HOST_MOST + 1] = {0};

	gethostname(host, HOST_MOST);
	return text_format(".%.*s.vm-img-%s-", NAME_MOST, base_name(target), host);
}

// Removes a directory of ours and the files in it; there are no deeper ones.
static void remove_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(path);
}

// A file there can only be left over when the process that made it is gone, or has our number.
static bool is_left_over(const char *process)
{
	struct error ignored = {0};
	long long pid;

	if (number_parse(process, 1, INT_MAX, &pid, &ignored) < 0) {
		error_clear(&ignored);
		return false;
	}
	return pid == getpid() || (kill((pid_t)pid, 0) < 0 && errno == ESRCH);
}

static void sweep(const char *directory, const char *prefix)
{
	DIR *all = opendir(directory);
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		auto_free char *path = NULL;

		if (!text_begins(entry->d_name, prefix) ||
		    !is_left_over(entry->d_name + strlen(prefix)))
			continue;
		path = text_format("%s/%s", directory, entry->d_name);
		if (unlink(path) < 0 && errno == EISDIR)
			remove_directory(path);
	}
	if (all)
		closedir(all);
}

// Follows symbolic links to the file that is meant, and looks whether there is one.
static int find_target(const char *target, bool replace, struct aside *aside, struct error *err)
{
	struct stat status;

	aside->target = realpath(target, NULL);
	if (!aside->target) {
		if (errno != ENOENT)
			return error_set_errno(err, errno, "cannot make '%s'", target);
		aside->target = text_copy(target);
		return 0;
	}
	if (stat(aside->target, &status) < 0)
		return error_set_errno(err, errno, "cannot make '%s'", target);
	if (!S_ISREG(status.st_mode))
		return error_set(err, STATUS_CONFLICT, "'%s' exists and is no file", target);
	if (!replace && status.st_size > 0) {
		error_set(err, STATUS_CONFLICT, "'%s' exists already", target);
		return error_hint(err, "--force replaces it");
	}
	aside->replaces = true;
	return 0;
}

static int begin(const char *target, bool replace, struct aside *aside, struct error *err)
{
	auto_free char *directory = NULL, *prefix = NULL;

	*aside = (struct aside){.fd = -1};
	if (find_target(target, replace, aside, err) < 0)
		return -1;
	directory = file_directory(aside->target);
	prefix = prefix_of(aside->target);
	sweep(directory, prefix);
	aside->path = text_format("%s/%s%d", directory, prefix, (int)getpid());
	return 0;
}

static int begin_file(const char *target, struct aside *aside, struct error *err)
{
	aside->fd = open(aside->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (aside->fd >= 0)
		return 0;
	error_set_errno(err, errno, "cannot make '%s'", target);
	free(take(&aside->path));
	return -1;
}

static int begin_directory(const char *target, struct aside *aside, struct error *err)
{
	aside->directory = take(&aside->path);
	if (mkdir(aside->directory, 0755) < 0) {
		error_set_errno(err, errno, "cannot make '%s'", target);
		free(take(&aside->directory));
		return -1;
	}
	aside->path = text_format("%s/%s", aside->directory, base_name(aside->target));
	return 0;
}

int aside_begin(const char *target, bool replace, struct aside *aside, struct error *err)
{
	int failed = begin(target, replace, aside, err);

	if (!failed)
		failed = begin_file(target, aside, err);
	if (failed)
		aside_abandon(aside);
	return failed;
}

int aside_begin_directory(const char *target, bool replace, struct aside *aside, struct error *err)
{
	int failed = begin(target, replace, aside, err);

	if (!failed)
		failed = begin_directory(target, aside, err);
	if (failed)
		aside_abandon(aside);
	return failed;
}

// Best effort: who may replace a file need not be allowed to give one away.
static void copy_owner(const struct aside *aside)
{
	struct stat old;

	if (!aside->replaces || stat(aside->target, &old) < 0)
		return;
	if (chown(aside->path, old.st_uid, old.st_gid) == 0 || old.st_uid == geteuid())
		chmod(aside->path, old.st_mode & 07777);
}

// Gives FROM the name TO; without REPLACE only if there is none of that name by now.
static int put_in_place(const char *from, const char *to, bool replace, struct error *err)
{
	if (replace)
		return rename(from, to) == 0
			       ? 0
			       : error_set_errno(err, errno, "cannot replace '%s'", to);
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	// Not every file system can do that.
	if (errno == EINVAL && link(from, to) == 0)
		return unlink(from);
	return error_set_errno(err, errno, "cannot make '%s'", to);
}

// The files beside the main one go first: when that has its name everything is there.
static int commit_others(const struct aside *aside, struct error *err)
{
	auto_free char *where = file_directory(aside->target);
	DIR *all = opendir(aside->directory);
	struct dirent *entry;
	int failed = 0;

	while (all && !failed && (entry = readdir(all))) {
		auto_free char *from = NULL, *to = NULL;

		if (entry->d_type != DT_REG || text_equal(entry->d_name, base_name(aside->target)))
			continue;
		from = text_format("%s/%s", aside->directory, entry->d_name);
		to = text_format("%s/%s", where, entry->d_name);
		failed = put_in_place(from, to, aside->replaces, err);
	}
	if (all)
		closedir(all);
	return failed;
}

int aside_commit(struct aside *aside, bool sync, struct error *err)
{
	copy_owner(aside);
	if (sync && aside->fd >= 0 && fdatasync(aside->fd) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", aside->target);
	if (aside->directory && commit_others(aside, err) < 0)
		return -1;
	if (put_in_place(aside->path, aside->target, aside->replaces, err) < 0)
		return -1;
	free(take(&aside->path));
	aside_abandon(aside);
	return 0;
}

void aside_abandon(struct aside *aside)
{
	if (aside->path)
		unlink(aside->path);
	if (aside->directory)
		remove_directory(aside->directory);
	if (aside->fd >= 0 && aside->target)
		close(aside->fd);
	free(aside->target);
	free(aside->path);
	free(aside->directory);
	*aside = (struct aside){.fd = -1};
}
