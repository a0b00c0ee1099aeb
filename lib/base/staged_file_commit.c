// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of a staged file's life: owner and mode, and its name.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_attributes.h"
#include "base/staged_file.h"
#include "base/text.h"

enum { ANY_MODE = 07777 };

static int fail(const struct staged_file *file, int number, struct error *err)
{
	return error_set_errno(err, number, "cannot %s '%s'", file->old >= 0 ? "replace" : "make",
			       file->target);
}

int staged_file_keep(struct staged_file *file, struct error *err)
{
	struct stat status;

	if (fstat(file->old, &status) < 0)
		return fail(file, errno, err);
	if (status.st_nlink > 1) {
		error_set(err, STATUS_CONFLICT,
			  "'%s' has %lu names (hard links): the others would keep the old content",
			  file->target, (unsigned long)status.st_nlink);
		return error_hint(err, "find -L DIRECTORY -samefile '%s' shows them", file->target);
	}
	file->keeps = true;
	return file_attributes_copy(file->old, file->fd, err);
}

// Best effort: who may replace a file need not be allowed to give one away.
static void inherit(const struct stat *old, const struct staged_file *file, int fd)
{
	mode_t mode = old->st_mode & ANY_MODE;

	if (fchown(fd, old->st_uid, old->st_gid) < 0 && old->st_uid != geteuid()) {
		fchmod(fd, file->mode);
		return;
	}
	if (file->secret) {
		fchmod(fd, 0600);
		return;
	}
	// With an ACL, what looks like the group's rights is the most that any entry may have.
	if (file_attributes_copy_acl(file->old, fd) < 0)
		mode &= (mode_t) ~(S_IRWXG);
	fchmod(fd, mode);
}

static int set_owner(const struct staged_file *file, int fd, struct error *err)
{
	struct stat old;

	if (file->old < 0)
		return fchmod(fd, file->mode) < 0 ? fail(file, errno, err) : 0;
	if (fstat(file->old, &old) < 0)
		return fail(file, errno, err);
	if (!file->keeps) {
		inherit(&old, file, fd);
		return 0;
	}
	if (fchown(fd, old.st_uid, old.st_gid) < 0 || fchmod(fd, old.st_mode & ANY_MODE) < 0)
		return fail(file, errno, err);
	return 0;
}

// NAME in the directory where it was made gets its owner and mode, and is on the disk.
static int finish(const struct staged_file *file, const char *name, bool sync, struct error *err)
{
	auto_close int fd = openat(file->level, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return fail(file, errno, err);
	if (set_owner(file, fd, err) < 0)
		return -1;
	return sync && fdatasync(fd) < 0
		       ? error_set_errno(err, errno, "cannot write '%s'", file->target)
		       : 0;
}

static int exchange(const struct staged_file *file)
{
	return renameat2(file->level, file->name, file->directory, file->name, RENAME_EXCHANGE);
}

static int agree(const struct staged_commit *commit, struct error *err)
{
	return commit->agree ? commit->agree(commit->data, err) : 0;
}

static int refuse_other(const struct staged_file *file, struct error *err)
{
	return error_set(err, STATUS_CONFLICT, "'%s' was replaced by another file meanwhile",
			 file->target);
}

// Where two names cannot be exchanged, there is a moment between the look and the renaming.
static int replace_looking(const struct staged_file *file, const struct staged_commit *commit,
			   struct error *err)
{
	if (!file_is_at(file->old, file->directory, file->name))
		return refuse_other(file, err);
	if (agree(commit, err) < 0)
		return -1;
	return renameat(file->level, file->name, file->directory, file->name) < 0
		       ? fail(file, errno, err)
		       : 0;
}

static int replace(const struct staged_file *file, const struct staged_commit *commit,
		   struct error *err)
{
	int failed = 0;

	if (exchange(file) < 0) {
		if (errno == EINVAL || errno == ENOSYS)
			return replace_looking(file, commit, err);
		return errno == ENOENT ? refuse_other(file, err) : fail(file, errno, err);
	}
	if (!file_is_at(file->old, file->level, file->name))
		failed = refuse_other(file, err);
	else
		failed = agree(commit, err);
	return failed && exchange(file) < 0 ? fail(file, errno, err) : failed;
}

// Gives NAME to a file only if there is none of that name by now.
static int put_new(const struct staged_file *file, const char *name, struct error *err)
{
	if (renameat2(file->level, name, file->directory, name, RENAME_NOREPLACE) == 0)
		return 0;
	// Not every file system can do that.
	if ((errno == EINVAL || errno == ENOSYS) &&
	    linkat(file->level, name, file->directory, name, 0) == 0)
		return 0;
	return errno == EEXIST ? error_set(err, STATUS_CONFLICT,
					   "'%s' was created by somebody else meanwhile", name)
			       : error_set_errno(err, errno, "cannot make '%s'", name);
}

static int put_other(const struct staged_file *file, const char *name, bool sync, struct error *err)
{
	if (finish(file, name, sync, err) < 0)
		return -1;
	if (file->old < 0)
		return put_new(file, name, err);
	return renameat(file->level, name, file->directory, name) < 0
		       ? error_set_errno(err, errno, "cannot replace '%s'", name)
		       : 0;
}

// The files beside the main one go first: when that has its name everything is there.
static int put_others(const struct staged_file *file, bool sync, struct error *err)
{
	int fd = openat(file->level, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed = 0;
	DIR *all = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (all && !failed && (entry = readdir(all))) {
		struct stat status;

		if (text_equal(entry->d_name, file->name) ||
		    text_equal(entry->d_name, private_directory_mark) ||
		    fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(status.st_mode))
			continue;
		failed = put_other(file, entry->d_name, sync, err);
	}
	if (all)
		closedir(all);
	return failed;
}

int staged_file_commit(struct staged_file *file, const struct staged_commit *commit,
		       struct error *err)
{
	if (finish(file, file->name, commit->sync, err) < 0 ||
	    (file->fd < 0 && put_others(file, commit->sync, err) < 0))
		return -1;
	if ((file->old >= 0 ? replace(file, commit, err) : put_new(file, file->name, err)) < 0)
		return -1;
	staged_file_abandon(file);
	return 0;
}
