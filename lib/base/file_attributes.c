// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file_attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

// Those that a user can set and that mean the same on a new file.
static const long kept_flags =
	FS_NOCOW_FL | FS_NOATIME_FL | FS_NODUMP_FL | FS_SYNC_FL | FS_COMPR_FL | FS_DIRSYNC_FL;

static const char acl[] = "system.posix_acl_access";

// A descriptor that can be asked, of the same file as FD; -1 with errno.
static int reopen(int fd)
{
	auto_free char *path = text_format("/proc/self/fd/%d", fd);

	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

// Not there, or the file system has no such thing.
static bool is_absent(int number)
{
	return number == ENODATA || number == EOPNOTSUPP || number == ENOSYS || number == ENOTTY;
}

static int copy_one(int from, int to, const char *name)
{
	ssize_t length = fgetxattr(from, name, NULL, 0);
	auto_free char *value = NULL;

	if (length < 0)
		return is_absent(errno) ? 0 : -1;
	value = memory_new((size_t)length + 1, 1);
	length = fgetxattr(from, name, value, (size_t)length);
	return length < 0 ? -1 : fsetxattr(to, name, value, (size_t)length, 0);
}

// Computed of the content, or a right that new content must not have.
static bool is_of_content(const char *name)
{
	return text_equal(name, "security.ima") || text_equal(name, "security.evm") ||
	       text_equal(name, "security.capability");
}

static int copy_extended(int from, int to, struct error *err)
{
	ssize_t length = flistxattr(from, NULL, 0);
	auto_free char *names = NULL;

	if (length <= 0)
		return length == 0 || is_absent(errno)
			       ? 0
			       : error_set_errno(err, errno, "cannot list its attributes");
	names = memory_new((size_t)length, 1);
	length = flistxattr(from, names, (size_t)length);
	for (const char *name = names; name < names + length; name += strlen(name) + 1)
		if (!is_of_content(name) && copy_one(from, to, name) < 0)
			return error_set_errno(err, errno, "cannot keep its attribute '%s'", name);
	return 0;
}

static int copy_flags(int from, int to, struct error *err)
{
	int old = 0, new = 0;

	if (ioctl(from, FS_IOC_GETFLAGS, &old) < 0 || ioctl(to, FS_IOC_GETFLAGS, &new) < 0)
		return is_absent(errno) ? 0 : error_set_errno(err, errno, "cannot read its flags");
	if (((old ^ new) & kept_flags) == 0)
		return 0;
	new = (int)((new & ~kept_flags) | (old & kept_flags));
	return ioctl(to, FS_IOC_SETFLAGS, &new) < 0
		       ? error_set_errno(err, errno, "cannot keep its flags (see lsattr)")
		       : 0;
}

int file_attributes_copy(int from, int to, struct error *err)
{
	auto_close int readable = reopen(from);

	if (readable < 0)
		return error_set_errno(err, errno, "cannot read its attributes");
	return copy_flags(readable, to, err) < 0 ? -1 : copy_extended(readable, to, err);
}

int file_attributes_copy_acl(int from, int to)
{
	auto_close int readable = reopen(from);

	// One that cannot be looked at is taken to have one.
	return readable < 0 ? -1 : copy_one(readable, to, acl);
}
