// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/staged_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

enum { LINKS_MOST = 40 };

static int fail(const struct staged_file *file, int number, struct error *err)
{
	return error_set_errno(err, number, "cannot %s '%s'", file->old >= 0 ? "replace" : "make",
			       file->target);
}

// Follows the last component of PATH, the caller's, where it is a symbolic link that is ours or
// root's: anybody else's may lead to a file that is not meant.
static char *follow(const char *path, struct error *err)
{
	auto_free char *at = text_copy(path);

	for (int i = 0; i < LINKS_MOST; i++) {
		char to[PATH_MAX] = {0};
		struct stat status;
		auto_free char *directory = NULL;

		if (lstat(at, &status) < 0 || !S_ISLNK(status.st_mode))
			return take(&at);
		if (readlink(at, to, sizeof(to) - 1) < 0) {
			error_set_errno(err, errno, "cannot follow '%s'", at);
			return NULL;
		}
		if (status.st_uid != geteuid() && status.st_uid != 0) {
			error_set(err, STATUS_CONFLICT,
				  "'%s' is another user's symbolic link to '%s'", at, to);
			error_hint(err, "give the name of the file itself, if that is meant");
			return NULL;
		}
		directory = file_directory(at);
		free(at);
		at = *to == '/' ? text_copy(to) : text_format("%s/%s", directory, to);
	}
	error_set_errno(err, ELOOP, "cannot follow '%s'", path);
	return NULL;
}

static int open_directory(const char *given, struct staged_file *file, struct error *err)
{
	auto_free char *path = NULL;
	const char *slash;

	file->target = follow(given, err);
	if (!file->target)
		return -1;
	slash = strrchr(file->target, '/');
	file->name = slash ? slash + 1 : file->target;
	if (!*file->name || text_equal(file->name, ".") || text_equal(file->name, ".."))
		return error_set(err, STATUS_CONFLICT, "'%s' exists and is not a regular file",
				 given);
	path = file_directory(file->target);
	file->directory = directory_open(path, err);
	return file->directory < 0 ? error_wrap(err, "cannot make '%s'", given) : 0;
}

// What is there already.
static int open_old(const struct staging *staging, struct staged_file *file, struct error *err)
{
	struct stat status;

	file->old = openat(file->directory, file->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (file->old < 0)
		return errno == ENOENT ? 0 : fail(file, errno, err);
	if (fstat(file->old, &status) < 0)
		return fail(file, errno, err);
	if (!S_ISREG(status.st_mode))
		return error_set(err, STATUS_CONFLICT, "'%s' exists and is not a regular file",
				 staging->target);
	if (staging->replace || (status.st_size == 0 && status.st_uid == geteuid()))
		return 0;
	error_set(err, STATUS_CONFLICT,
		  status.st_size ? "'%s' exists already"
				 : "'%s' exists already: it is empty, but another user's",
		  staging->target);
	return error_hint(err, "--force replaces it");
}

static size_t count_ups(const char **name)
{
	size_t ups = 0;

	for (;;) {
		bool up = text_begins(*name, "../");

		if (!up && !text_begins(*name, "./"))
			return ups;
		*name += up ? 3 : 2;
		*name += strspn(*name, "/");
		ups += up;
	}
}

// The directory DEPTH levels below the private one; the caller's.
static char *level_at(size_t depth)
{
	struct text name = {0};

	text_append(&name, ".");
	for (size_t i = 0; i < depth; i++)
		text_append(&name, "/below");
	return text_take(&name);
}

// Makes the first component of the relative NAME, seen from the file that is made, mean what it
// does beside the target.
static int link_beside(const struct staged_file *file, size_t depth, const char *name)
{
	size_t ups = count_ups(&name);
	auto_free char *there = text_format("/proc/self/fd/%d", file->directory), *link = NULL;
	auto_free char *level = level_at(depth - ups);
	auto_text struct text to = {0};
	int first = (int)strcspn(name, "/");

	if (!first)
		return 0;
	text_append(&to, there);
	for (size_t i = 0; i < ups; i++)
		text_append(&to, "/..");
	text_append_format(&to, "/%.*s", first, name);
	link = text_format("%s/%.*s", level, first, name);
	return symlinkat(to.data, file->private.fd, link) < 0 && errno != EEXIST ? -1 : 0;
}

// The file is made as many levels below the private directory as the names of those beside it go
// up.
static int go_down(const struct staging *staging, struct staged_file *file, struct error *err)
{
	auto_free char *level = NULL;
	size_t depth = 0;
	int failed = 0;

	for (const char *const *name = staging->beside; name && *name; name++) {
		const char *rest = *name;
		size_t ups = count_ups(&rest);

		depth = ups > depth ? ups : depth;
	}
	for (size_t i = 1; i <= depth && !failed; i++) {
		free(level);
		level = level_at(i);
		failed = mkdirat(file->private.fd, level, 0700);
	}
	for (const char *const *name = staging->beside; name && *name && !failed; name++)
		failed = **name == '/' ? 0 : link_beside(file, depth, *name);
	if (!failed)
		file->level = openat(file->private.fd, level ? level : ".",
				     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return failed || file->level < 0 ? fail(file, errno, err) : 0;
}

static int begin(const struct staging *staging, struct staged_file *file, struct error *err)
{
	auto_free char *level = NULL;

	if (open_directory(staging->target, file, err) < 0 || open_old(staging, file, err) < 0)
		return -1;
	private_directory_sweep(file->directory, file->name);
	if (private_directory_make(file->directory, file->name, &file->private, err) < 0)
		return error_wrap(err, "cannot make '%s'", staging->target);
	file->secret = staging->secret;
	file->mode =
		(staging->mode ? staging->mode : 0644) & private_directory_mode(&file->private);
	if (go_down(staging, file, err) < 0)
		return -1;
	level = private_directory_path(file->level);
	if (!level)
		return error_set_errno(err, errno, "cannot make '%s' without /proc",
				       staging->target);
	file->path = text_format("%s/%s", level, file->name);
	file->inner = text_format("/proc/self/fd/%d/%s", file->level, file->name);
	if (staging->several)
		return 0;
	file->fd = openat(file->level, file->name,
			  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return file->fd < 0 ? fail(file, errno, err) : 0;
}

int staged_file_begin(const struct staging *staging, struct staged_file *file, struct error *err)
{
	int failed;

	*file = (struct staged_file)STAGED_FILE_NONE;
	failed = begin(staging, file, err);
	if (failed)
		staged_file_abandon(file);
	return failed;
}

void staged_file_abandon(struct staged_file *file)
{
	const int fds[] = {file->fd, file->old, file->level};

	private_directory_remove(file->directory, &file->private);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (file->directory >= 0)
		close(file->directory);
	free(file->target);
	free(file->path);
	free(file->inner);
	*file = (struct staged_file)STAGED_FILE_NONE;
}
