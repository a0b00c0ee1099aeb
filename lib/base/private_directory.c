// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/private_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

enum { LABEL_MOST = 150, HOST_MOST = 48, TRIES = 16, DEPTH_MOST = 64 };

// Nobody else can put a file into such a directory, so this one tells that it was made here: the
// owner of the directory around it can rename any directory of ours to a name that is swept.
const char private_directory_mark[] = ".vmkit-made-this";

static const int open_directory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// ".disk.qcow2.vmkit-HOST-", and the process is to follow.
static char *prefix_of(const char *label)
{
	char host[HOST_MOST + 1] = {0};

	gethostname(host, HOST_MOST);
	return text_format(".%.*s.vmkit-%s-", LABEL_MOST, label, host);
}

static bool is_dots(const char *name)
{
	return text_equal(name, ".") || text_equal(name, "..");
}

// A stream over FD, which stays open.
static DIR *read_entries(int fd)
{
	int own = openat(fd, ".", open_directory);
	DIR *all = own < 0 ? NULL : fdopendir(own);

	if (!all && own >= 0)
		close(own);
	return all;
}

static bool is_empty(int fd)
{
	DIR *all = read_entries(fd);
	struct dirent *entry = NULL;

	while (all && (entry = readdir(all)) && is_dots(entry->d_name))
		continue;
	if (all)
		closedir(all);
	return all && !entry;
}

// The last of all goes the mark: what is stopped half way is swept another time.
static void empty(int fd, int depth)
{
	DIR *all = read_entries(fd);
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		auto_close int below = -1;

		if (is_dots(entry->d_name) || text_equal(entry->d_name, private_directory_mark) ||
		    unlinkat(fd, entry->d_name, 0) == 0 || depth == 0)
			continue;
		below = openat(fd, entry->d_name, open_directory);
		if (below >= 0)
			empty(below, depth - 1);
		unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	}
	if (all)
		closedir(all);
	unlinkat(fd, private_directory_mark, 0);
}

// It is ours if what we put into it has the same owner. Where root is somebody else, as on NFS,
// that holds too.
static int check_made(int fd)
{
	auto_close int marked = -1;
	struct stat directory, file;

	// Swapped for one that holds something, it would be emptied in the end.
	if (!is_empty(fd)) {
		errno = EBUSY;
		return -1;
	}
	marked = openat(fd, private_directory_mark,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (marked < 0 || fstat(fd, &directory) < 0 || fstat(marked, &file) < 0)
		return -1;
	if (directory.st_uid == file.st_uid) {
		// A file system without modes cannot do it, and nothing better can be had there.
		if (directory.st_mode & 077)
			(void)!fchmod(fd, 0700);
		return 0;
	}
	unlinkat(fd, private_directory_mark, 0);
	errno = EPERM;
	return -1;
}

// Gives its descriptor, -1 with errno.
static int make(int parent, const char *name)
{
	int fd, failed;

	if (mkdirat(parent, name, 0700) < 0)
		return -1;
	fd = openat(parent, name, open_directory);
	if (fd >= 0 && check_made(fd) == 0) {
		// Says that it is in use, where the number of the process means nothing.
		flock(fd, LOCK_SH | LOCK_NB);
		return fd;
	}
	failed = errno;
	if (fd >= 0)
		close(fd);
	unlinkat(parent, name, AT_REMOVEDIR);
	errno = failed;
	return -1;
}

int private_directory_make(int parent, const char *label, struct private_directory *directory,
			   struct error *err)
{
	auto_free char *prefix = prefix_of(label);
	int failed = EEXIST;

	for (int i = 0; i < TRIES && failed == EEXIST; i++) {
		auto_free char *name = NULL;
		uint64_t random = 0;
		int fd;

		if (getrandom(&random, sizeof(random), 0) < 0)
			return error_set_errno(err, errno, "cannot get random bytes");
		name = text_format("%s%d-%016llx", prefix, (int)getpid(),
				   (unsigned long long)random);
		fd = make(parent, name);
		if (fd >= 0) {
			*directory = (struct private_directory){fd, take(&name)};
			return 0;
		}
		failed = errno;
	}
	return error_set_errno(err, failed, "cannot make a directory");
}

// PROCESS is "PID-RANDOM". Left over when the process is gone, or has our number.
static bool is_left_over(const char *process)
{
	auto_free char *number = text_copy_bytes(process, strcspn(process, "-"));
	auto_error struct error ignored = {0};
	long long pid;

	if (number_parse(number, 1, INT_MAX, &pid, &ignored) < 0)
		return false;
	return pid == getpid() || (kill((pid_t)pid, 0) < 0 && errno == ESRCH);
}

static bool was_made_here(int fd)
{
	struct stat directory, file;

	return fstat(fd, &directory) == 0 &&
	       fstatat(fd, private_directory_mark, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(file.st_mode) && directory.st_uid == file.st_uid &&
	       directory.st_uid == geteuid() && !(directory.st_mode & 077);
}

void private_directory_sweep(int parent, const char *label)
{
	auto_free char *prefix = prefix_of(label);
	DIR *all = read_entries(parent);
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		auto_close int fd = -1;

		if (!text_begins(entry->d_name, prefix) ||
		    !is_left_over(entry->d_name + strlen(prefix)))
			continue;
		fd = openat(parent, entry->d_name, open_directory);
		if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK))
			continue;
		if (was_made_here(fd))
			empty(fd, DEPTH_MOST);
		// One that was killed before it could mark it is empty.
		unlinkat(parent, entry->d_name, AT_REMOVEDIR);
	}
	if (all)
		closedir(all);
}

mode_t private_directory_mode(const struct private_directory *directory)
{
	struct stat file;

	return fstatat(directory->fd, private_directory_mark, &file, AT_SYMLINK_NOFOLLOW) < 0
		       ? 0600
		       : file.st_mode & 0666;
}

char *private_directory_path(int fd)
{
	char self[32] = {0};

	// The number that this process has in the eyes of whoever looks into /proc.
	if (readlink("/proc/self", self, sizeof(self) - 1) < 0)
		return NULL;
	return text_format("/proc/%s/fd/%d", self, fd);
}

void private_directory_remove(int parent, struct private_directory *directory)
{
	// One that was never made is all zero, and 0 is somebody else's descriptor.
	if (directory->name && directory->fd >= 0) {
		empty(directory->fd, DEPTH_MOST);
		close(directory->fd);
		unlinkat(parent, directory->name, AT_REMOVEDIR);
	}
	free(directory->name);
	*directory = (struct private_directory){.fd = -1};
}
