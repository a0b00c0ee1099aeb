// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "host/guard.h"

struct root_kept {
	struct root_kept *next;
	char *path, *content; // NULL in the first, which only leads to the others
};

int root_open(struct root *root, const char *path, struct error *err)
{
	struct guard *guard = root->guard;
	int fd;

	guard_begin(guard, path ? path : "/");
	fd = open(path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	guard_end(guard);
	if (fd < 0)
		return error_set_errno(err, errno, "cannot read the machine below '%s'", path);
	*root = (struct root){
		.fd = fd, .path = text_copy(path ? path : "/"), .live = !path, .guard = guard};
	root->kept = memory_new(1, sizeof(*root->kept));
	return 0;
}

void root_close(struct root *root)
{
	if (root->path && root->fd >= 0)
		close(root->fd);
	free(root->path);
	for (struct root_kept *next, *kept = root->kept; kept; kept = next) {
		next = kept->next;
		free(kept->path);
		free(kept->content);
		free(kept);
	}
	*root = (struct root){.fd = -1};
}

static const char *relative(const char *path)
{
	path += strspn(path, "/");
	return *path ? path : ".";
}

static void note(const struct root *root, const char *path, int flags)
{
	struct root_trace *trace = root->trace;
	struct list *list = NULL;

	if (flags & O_PATH)
		list = flags & O_NOFOLLOW ? &trace->links : &trace->seen;
	else if ((flags & O_ACCMODE) == O_RDONLY)
		list = flags & O_DIRECTORY ? &trace->listed : &trace->read;
	if (list && !list_has(list, path))
		list_add(list, path);
}

static int open_below(const struct root *root, const char *path, int flags)
{
	// A FIFO or a device that somebody has put into a tree must not make us wait. openat2()
	// refuses these flags where nothing is really opened.
	int patience = flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY;
	bool makes = (flags & O_TMPFILE) == O_TMPFILE || flags & O_CREAT;
	struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC | patience),
			       .mode = makes ? 0600 : 0,
			       .resolve = RESOLVE_IN_ROOT};
	int fd;

	guard_begin(root->guard, path);
	if (root->live)
		fd = openat(root->fd, relative(path), (int)how.flags, (mode_t)how.mode);
	else
		fd = (int)syscall(SYS_openat2, root->fd, relative(path), &how, sizeof(how));
	guard_end(root->guard);
	return fd;
}

int root_descriptor(const struct root *root, const char *path, int flags)
{
	int fd = open_below(root, path, flags);

	if (fd >= 0 && root->trace)
		note(root, path, flags);
	return fd;
}

static int root_fstat(const struct root *root, const char *path, int fd, struct stat *status)
{
	int failed;

	guard_begin(root->guard, path);
	failed = fstat(fd, status);
	guard_end(root->guard);
	return failed;
}

int root_stat(const struct root *root, const char *path, struct stat *status)
{
	auto_close int fd = root_descriptor(root, path, O_PATH);

	return fd < 0 ? -1 : root_fstat(root, path, fd, status);
}

ssize_t root_attribute(const struct root *root, const char *path, const char *name, void *value,
		       size_t size)
{
	auto_close int fd = root_descriptor(root, path, O_PATH);
	char by_descriptor[40];
	ssize_t length;

	if (fd < 0)
		return -1;
	// fgetxattr() takes no descriptor of this kind.
	snprintf(by_descriptor, sizeof(by_descriptor), "/proc/self/fd/%d", fd);
	guard_begin(root->guard, path);
	length = getxattr(by_descriptor, name, value, size);
	guard_end(root->guard);
	return length;
}

// Nothing is opened for it here.
static bool exists_here(const struct root *root, const char *path)
{
	int failed;

	guard_begin(root->guard, path);
	failed = faccessat(root->fd, relative(path), F_OK, 0);
	guard_end(root->guard);
	if (!failed && root->trace)
		note(root, path, O_PATH);
	return !failed;
}

bool root_exists(const struct root *root, const char *path)
{
	auto_close int fd = -1;

	if (root->live)
		return exists_here(root, path);
	fd = root_descriptor(root, path, O_PATH);
	return fd >= 0;
}

// Files of these two seem to be empty to most programs that copy trees.
static bool was_lost(const struct root *root, const char *path)
{
	return root->foreign && (text_begins(path, "/proc/") || text_begins(path, "/sys/"));
}

// Up to the end of the file, or of the piece that has END in it unless that is zero: of a file of
// the kernel only another reading tells that it has come to its end.
static char *read_until(const struct root *root, const char *path, size_t most, char end)
{
	auto_close int fd = root_descriptor(root, path, O_RDONLY);
	auto_text struct text content = {0};
	struct stat status;
	char buffer[ROOT_LINE];
	ssize_t got;

	if (fd < 0 || root_fstat(root, path, fd, &status) < 0 || !S_ISREG(status.st_mode))
		return NULL;
	while (content.length < most) {
		size_t left = most - content.length;

		guard_begin(root->guard, path);
		got = read(fd, buffer, left < sizeof(buffer) ? left : sizeof(buffer));
		guard_end(root->guard);
		if (got < 0 && errno != EINTR)
			return NULL;
		if (got == 0)
			break;
		if (got > 0)
			text_append_bytes(&content, buffer, (size_t)got);
		if (got > 0 && end && memchr(buffer, end, (size_t)got))
			break;
	}
	if (!content.length && was_lost(root, path))
		return NULL;
	return text_take(&content);
}

char *root_read(const struct root *root, const char *path, size_t most)
{
	return read_until(root, path, most, '\0');
}

const char *root_kept(const struct root *root, const char *path, size_t most)
{
	struct root_kept *last = root->kept, *kept;

	for (; last->next; last = last->next)
		if (text_equal(last->next->path, path))
			return last->next->content;
	kept = memory_new(1, sizeof(*kept));
	kept->path = text_copy(path);
	kept->content = root_read(root, path, most);
	last->next = kept;
	return kept->content;
}

char *root_line(const struct root *root, const char *path)
{
	auto_free char *content = read_until(root, path, ROOT_LINE, '\n');

	if (!content)
		return NULL;
	content[strcspn(content, "\n")] = '\0';
	text_strip(content);
	return take(&content);
}

long long root_number(const struct root *root, const char *path, long long otherwise)
{
	auto_free char *line = root_line(root, path);
	char *end = NULL;
	long long number;

	if (!line || !*line)
		return otherwise;
	errno = 0;
	number = strtoll(line, &end, 10);
	return errno || end == line ? otherwise : number;
}

bool root_flag(const struct root *root, const char *path)
{
	auto_free char *line = root_line(root, path);

	return line && (*line == 'Y' || *line == 'y' || *line == '1');
}

char *root_link(const struct root *root, const char *path)
{
	auto_close int fd = root_descriptor(root, path, O_PATH | O_NOFOLLOW);
	char target[PATH_MAX];
	ssize_t length;

	if (fd < 0)
		return NULL;
	length = readlinkat(fd, "", target, sizeof(target) - 1);
	if (length <= 0)
		return NULL;
	target[length] = '\0';
	return text_copy(strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

static const struct dirent *next_entry(const struct root *root, const char *path, DIR *directory)
{
	const struct dirent *entry;

	guard_begin(root->guard, path);
	entry = readdir(directory);
	guard_end(root->guard);
	return entry;
}

struct list root_names(const struct root *root, const char *path)
{
	int fd = root_descriptor(root, path, O_RDONLY | O_DIRECTORY);
	struct list names = {0};
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return names;
	}
	while ((entry = next_entry(root, path, directory)))
		if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
			list_add(&names, entry->d_name);
	closedir(directory);
	list_sort(&names);
	return names;
}
