// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a machine: of this one, or of one that was recorded below a directory. Paths are
// absolute, as that machine sees them; links inside a recorded tree lead nowhere out of it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/list.h"

struct error;

// What was looked at and is there, by its path.
struct root_trace {
	struct list read;   // files
	struct list links;  // where they lead
	struct list listed; // directories
	struct list seen;   // only that they are there
};

struct root {
	int fd;                   // of the directory
	char *path;               // "/" for this machine
	bool live;                // this machine, now
	bool foreign;             // a copy that we did not record: what it lacks proves nothing
	struct root_trace *trace; // where it is noted what is looked at, NULL for nowhere; lent
	struct root_kept *kept;   // what root_kept() has read
	struct guard *guard;      // that is told of each look (guard.h), NULL for none; lent
};

// PATH NULL stands for this machine. ROOT has its `guard` already, or is empty.
int root_open(struct root *root, const char *path, struct error *err);
void root_close(struct root *root);
#define auto_root __attribute__((cleanup(root_close)))

enum {
	ROOT_LINE = 4096,       // bytes that are plenty for most files in /proc and /sys
	ROOT_MOST = 1024 * 1024 // for the others
};

// The content of a regular file up to MOST bytes, NUL-terminated, the caller's; NULL when it cannot
// be read.
char *root_read(const struct root *root, const char *path, size_t most);

// The same for files that several look-ups read and that do not change meanwhile: lent, and there
// until the root is closed.
const char *root_kept(const struct root *root, const char *path, size_t most);

// The first line without blanks at its ends, the caller's; NULL when there is none.
char *root_line(const struct root *root, const char *path);

// A whole number in a file, or OTHERWISE.
long long root_number(const struct root *root, const char *path, long long otherwise);

// Whether a file holds "Y" or "1", as the parameters of modules do.
bool root_flag(const struct root *root, const char *path);

bool root_exists(const struct root *root, const char *path);
// The whole of an access control list (getxattr()), or -1 with errno.
ssize_t root_attribute(const struct root *root, const char *path, const char *name, void *value,
		       size_t size);
int root_stat(const struct root *root, const char *path, struct stat *status);

// The last part of what a symbolic link points to ("../drivers/vfio-pci": "vfio-pci"); the caller's
// or NULL.
char *root_link(const struct root *root, const char *path);

// The names in a directory, sorted; none when it cannot be read.
struct list root_names(const struct root *root, const char *path);

// An open descriptor with these flags of open(), or -1 with errno.
int root_descriptor(const struct root *root, const char *path, int flags);
