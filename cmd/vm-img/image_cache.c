// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/image_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/private_directory.h"
#include "base/text.h"
#include "base/user.h"

enum {
	KEY_LENGTH = 12, // digits of the checksum in a name
	RECORD_MOST = 1024,
};

char *image_cache_directory(const char *given)
{
	const char *home = getenv("XDG_CACHE_HOME");

	if (given)
		return text_copy(given);
	if (geteuid() == 0)
		return text_copy("/var/cache/vmkit/images");
	if (home && *home)
		return text_format("%s/vmkit/images", home);
	home = getenv("HOME");
	return text_format("%s/.cache/vmkit/images", home ? home : ".");
}

static int check_owner(int fd, const char *path, struct error *err)
{
	struct stat status;
	auto_free char *owner = NULL;

	if (fstat(fd, &status) < 0)
		return error_set_errno(err, errno, "cannot open the cache '%s'", path);
	if ((status.st_uid == 0 || status.st_uid == geteuid()) && !(status.st_mode & 022))
		return 0;
	owner = user_name(status.st_uid);
	error_set(err, STATUS_CONFLICT,
		  status.st_mode & 022 ? "others may write to the cache '%s' of user %s"
				       : "the cache '%s' belongs to user %s",
		  path, owner);
	return error_hint(err, "--cache DIRECTORY names another one");
}

int image_cache_open(const char *path, bool make, struct error *err)
{
	auto_close int fd = -1;
	int result;

	if (make && file_make_directories(path, 0755) < 0)
		return error_set_errno(err, errno, "cannot create the cache '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, errno, "cannot open the cache '%s'", path);
	if (check_owner(fd, path, err) < 0)
		return -1;
	result = fd;
	fd = -1;
	return result;
}

int image_cache_file(int cache, const char *name, bool part, struct error *err)
{
	auto_close int fd = openat(
		cache, name,
		(part ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat status;
	int result;

	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set_errno(err, errno, "cannot open '%s' in the cache", name);
	if (!S_ISREG(status.st_mode) || (status.st_uid != 0 && status.st_uid != geteuid()) ||
	    (part && (status.st_nlink > 1 || status.st_mode & 077)))
		return error_set(
			err, STATUS_CONFLICT,
			"'%s' in the cache belongs to another user, or others may write it", name);
	result = fd;
	fd = -1;
	return result;
}

static char *record_name(const char *name)
{
	return text_format(".%s.verified", name);
}

// What changes with any change of the file, whoever makes it: nobody can set the time of the last
// change of an inode.
static char *record_of(int fd, const char *checksum)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return NULL;
	return text_format("%s %llu %lld %lld.%09ld %lld.%09ld\n", checksum,
			   (unsigned long long)status.st_ino, (long long)status.st_size,
			   (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
			   (long long)status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

void image_cache_record(int cache, const char *name, int fd, const char *checksum)
{
	auto_free char *record = record_of(fd, checksum),
		       *directory = private_directory_path(cache);
	auto_free char *file = record_name(name), *path = NULL;
	auto_error struct error ignored = {0};

	if (!record || !directory)
		return;
	// Without a record it is verified each time.
	path = text_format("%s/%s", directory, file);
	file_replace(path, record, strlen(record), 0644, &ignored);
}

static char *read_record(int cache, const char *name)
{
	auto_free char *file = record_name(name);
	auto_error struct error ignored = {0};
	auto_close int fd = image_cache_file(cache, file, false, &ignored);

	return fd < 0 ? NULL : file_read_fd(fd, file, RECORD_MOST, NULL, &ignored);
}

bool image_cache_is_recorded(int cache, const char *name, int fd, const char *checksum)
{
	auto_free char *recorded = read_record(cache, name), *now = record_of(fd, checksum);

	return recorded && text_equal(recorded, now);
}

char *image_cache_name(const char *file, const char *checksum)
{
	const char *dot = strrchr(file, '.');
	int stem = dot && dot > file ? (int)(dot - file) : (int)strlen(file);

	if (!checksum)
		return text_copy(file);
	return text_format("%.*s-%.*s%s", stem, file, KEY_LENGTH, checksum, file + stem);
}

static bool is_younger(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

// Whether NAME is FILE, or that with a checksum in it.
static bool could_be(const char *name, const char *file)
{
	const char *dot = strrchr(file, '.');
	size_t stem = dot ? (size_t)(dot - file) : strlen(file);

	return text_equal(name, file) ||
	       (strncmp(name, file, stem) == 0 && name[stem] == '-' &&
		strlen(name) == strlen(file) + KEY_LENGTH + 1 && text_ends(name, dot ? dot : ""));
}

char *image_cache_find(int cache, const char *file, char **checksum)
{
	int fd = openat(cache, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fd < 0 ? NULL : fdopendir(fd);
	auto_free char *found = NULL, *record = NULL;
	struct dirent *entry;
	struct timespec youngest = {0};

	while (all && (entry = readdir(all))) {
		struct stat status;

		if (!could_be(entry->d_name, file) ||
		    fstatat(cache, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(status.st_mode) || (found && !is_younger(&status.st_mtim, &youngest)))
			continue;
		youngest = status.st_mtim;
		free(found);
		found = text_copy(entry->d_name);
	}
	if (all)
		closedir(all);
	record = found ? read_record(cache, found) : NULL;
	if (record)
		*checksum = text_copy_bytes(record, strcspn(record, " "));
	return take(&found);
}
