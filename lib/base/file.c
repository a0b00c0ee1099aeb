// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/staged_file.h"
#include "base/text.h"

char *file_read_fd(int fd, const char *path, size_t most, size_t *length, struct error *err)
{
	auto_text struct text content = {0};
	char buffer[16384];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error_set_errno(err, errno, "cannot read '%s'", path);
			return NULL;
		}
		if (content.length + (size_t)got > most) {
			error_set(err, STATUS_FAILED, "'%s' is too large, at most %zu bytes", path,
				  most);
			return NULL;
		}
		text_append_bytes(&content, buffer, (size_t)got);
	}
	if (length)
		*length = content.length;
	return text_take(&content);
}

char *file_read(const char *path, size_t most, size_t *length, struct error *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		error_set_errno(err, errno, "Failed to open file '%s'", path);
		return NULL;
	}
	return file_read_fd(fd, path, most, length, err);
}

int file_write_all(int fd, const void *data, size_t length)
{
	const char *next = data;

	while (length > 0) {
		ssize_t done = write(fd, next, length);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			next += done;
			length -= (size_t)done;
		}
	}
	return 0;
}

void file_remove_path(char **path)
{
	if (!*path)
		return;
	unlink(*path);
	free(*path);
}

int file_replace(const char *path, const void *data, size_t length, mode_t mode, struct error *err)
{
	const struct staging staging = {
		.target = path, .replace = true, .secret = !(mode & 077), .mode = mode};
	const struct staged_commit commit = {.sync = true};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;

	if (staged_file_begin(&staging, &file, err) < 0)
		return -1;
	if (file_write_all(file.fd, data, length) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", path);
	return staged_file_commit(&file, &commit, err);
}

char *file_private_directory(struct error *err)
{
	const char *base = getenv("TMPDIR");
	auto_free char *path = text_format("%s/vmkit-XXXXXX", base && *base ? base : "/tmp");

	if (mkdtemp(path))
		return take(&path);
	error_set_errno(err, errno, "cannot create a directory '%s'", path);
	return NULL;
}

// Goes through what is in the directory PATH, which must be none that a link leads to, and removes
// it where REMOVE says so.
static int each_file(const char *path, bool remove)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), count = 0;
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory)
		return -1;
	while ((entry = readdir(directory))) {
		if (text_equal(entry->d_name, ".") || text_equal(entry->d_name, ".."))
			continue;
		count++;
		if (remove)
			unlinkat(fd, entry->d_name, 0);
	}
	closedir(directory);
	return count;
}

int file_make_directories(const char *path, mode_t mode)
{
	auto_free char *directory = text_copy(path);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(directory, mode);
		*slash = '/';
	}
	return mkdir(directory, mode) < 0 && errno != EEXIST ? -1 : 0;
}

void file_remove_directory(const char *path)
{
	each_file(path, true);
	rmdir(path);
}

int file_count(const char *directory)
{
	return each_file(directory, false);
}

bool file_is_at(int fd, int directory, const char *name)
{
	struct stat opened, there;

	return fstat(fd, &opened) == 0 &&
	       fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

char *file_absolute(const char *path)
{
	auto_free char *here = NULL;

	if (*path == '/')
		return text_copy(path);
	here = getcwd(NULL, 0);
	return text_format("%s/%s", here ? here : "", path);
}

char *file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return text_copy(".");
	return slash == path ? text_copy("/") : text_copy_bytes(path, (size_t)(slash - path));
}

const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
