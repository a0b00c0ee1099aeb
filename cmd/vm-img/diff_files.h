// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of ext file systems lie in blocks of a disk that differ: debugfs knows.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list;

struct extent {
	unsigned long long offset, length; // bytes of the disk
};

struct diff_disk {
	const char *path; // of the bytes that a guest sees, lent
	int fd;           // open for them
	unsigned long long size;
};

// Whether there is a debugfs.
bool diff_files_possible(void);

// Adds the paths of the files on the disk that have blocks in the EXTENTS, which are in their
// order. What cannot be read adds nothing.
void diff_files_find(const struct diff_disk *disk, const struct extent *extents, size_t count,
		     struct list *files);
