// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of ext file systems lie in blocks of a disk that differ: debugfs knows.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list;

struct extent {
	unsigned long long offset, length; // bytes of the disk
};

// Whether there is a debugfs.
bool diff_files_possible(void);

// Adds the paths of the files in the raw disk PATH, open as FD, that have blocks in the EXTENTS,
// which are in their order. What cannot be read adds nothing.
void diff_files_find(const char *path, int fd, const struct extent *extents, size_t count,
		     struct list *files);
