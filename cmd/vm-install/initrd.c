// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/initrd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"

enum { FILE_MOST = 64 * 1024 * 1024, REGULAR = 0100644, PRIVATE = 0100600, BLOCK = 512 };

static void pad(struct text *archive, size_t alignment)
{
	while (archive->length % alignment)
		text_append_bytes(archive, "", 1);
}

// An entry of the "new ASCII" format of cpio, which the kernel reads: Documentation/driver-api/
// early-userspace/buffer-format.rst.
static void append_entry(struct text *archive, const char *name, int mode, const char *content,
			 size_t length)
{
	text_append_format(archive, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
			   0, mode, 0, 0, 1, 0, length, 0, 0, 0, 0, strlen(name) + 1, 0);
	text_append_bytes(archive, name, strlen(name) + 1);
	pad(archive, 4);
	if (length)
		text_append_bytes(archive, content, length);
	pad(archive, 4);
}

int initrd_inject(const char *path, const struct list *files, const struct initrd_text *text,
		  struct error *err)
{
	auto_text struct text archive = {0};
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	off_t start = (end + 3) / 4 * 4; // the kernel looks for the next archive at a multiple of 4

	if (end < 0)
		return error_set_errno(err, errno, "cannot add files to the initrd '%s'", path);
	for (size_t i = 0; i < files->count; i++) {
		const char *slash = strrchr(files->items[i], '/');
		size_t length = 0;
		struct stat status;
		auto_free char *content = file_read(files->items[i], FILE_MOST, &length, err);

		if (!content)
			return -1;
		// Scripts stay what can be run.
		if (stat(files->items[i], &status) < 0)
			status.st_mode = REGULAR;
		append_entry(&archive, slash ? slash + 1 : files->items[i],
			     (int)(REGULAR | (status.st_mode & 0777)), content, length);
	}
	if (text->name)
		append_entry(&archive, text->name, PRIVATE, text->content, strlen(text->content));
	append_entry(&archive, "TRAILER!!!", 0, "", 0);
	pad(&archive, BLOCK);
	if (lseek(fd, start, SEEK_SET) < 0 || ftruncate(fd, start) < 0 ||
	    file_write_all(fd, archive.data, archive.length) < 0)
		return error_set_errno(err, errno, "cannot add files to the initrd '%s'", path);
	return 0;
}
