// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "image/qemu_img.h"

static int check_kind(const char *path, const struct stat *status, struct error *err)
{
	if (S_ISREG(status->st_mode) || S_ISBLK(status->st_mode))
		return 0;
	return error_set(err, STATUS_FAILED, "'%s' is %s, not a file or a block device", path,
			 S_ISDIR(status->st_mode) ? "a directory" : "a pipe, a socket or the like");
}

int source_refuse(const char *path, int number, struct error *err)
{
	error_set_errno(err, number, "cannot open '%s'", path);
	return qemu_img_say(err, "Could not open '%s': Could not open '%s': %s", path, path,
			    strerror(number));
}

int source_open(const char *path, struct source *source, struct error *err)
{
	auto_close int fd = -1;
	struct stat status;
	uint64_t size;

	// Looked at before it is opened: opening a character device such as a tape can do things.
	if (stat(path, &status) < 0)
		return source_refuse(path, errno, err);
	if (check_kind(path, &status, err) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status) < 0)
		return source_refuse(path, errno, err);
	if (check_kind(path, &status, err) < 0)
		return -1;
	size = (uint64_t)status.st_size;
	if (S_ISBLK(status.st_mode) && ioctl(fd, BLKGETSIZE64, &size) < 0)
		return error_set_errno(err, errno, "cannot tell the size of '%s'", path);
	*source = (struct source){
		.fd = fd,
		.path = path,
		.size = size,
		.allocated = (unsigned long long)status.st_blocks * 512,
		.device = status.st_dev,
		.inode = status.st_ino,
		.mode = status.st_mode,
		.block = S_ISBLK(status.st_mode),
	};
	fd = -1;
	return 0;
}

void source_close(struct source *source)
{
	if (source->fd > 0)
		close(source->fd);
	source->fd = 0;
}

int source_read(const struct source *source, unsigned long long offset, void *buffer, size_t length,
		struct error *err)
{
	char *next = buffer;

	if (offset > source->size || length > source->size - offset)
		return error_set(err, STATUS_FAILED,
				 "the header points behind the end of the file: %zu bytes at %llu, "
				 "there are %llu",
				 length, offset, source->size);
	while (length > 0) {
		ssize_t got = pread(source->fd, next, length, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(err, errno, "cannot read '%s'", source->path);
		if (got == 0)
			return error_set(err, STATUS_FAILED, "'%s' became shorter", source->path);
		next += got;
		offset += (unsigned long long)got;
		length -= (size_t)got;
	}
	return 0;
}

char *source_read_new(const struct source *source, unsigned long long offset,
		      unsigned long long length, size_t most, struct error *err)
{
	auto_free char *buffer = NULL;

	if (length > most) {
		error_set(err, STATUS_FAILED,
			  "the header asks for %llu bytes, at most %zu are plausible", length,
			  most);
		return NULL;
	}
	if (offset > source->size || length > source->size - offset) {
		error_set(err, STATUS_FAILED, "the header points behind the end of the file");
		return NULL;
	}
	buffer = memory_new((size_t)length + 1, 1);
	if (source_read(source, offset, buffer, (size_t)length, err) < 0)
		return NULL;
	return take(&buffer);
}
