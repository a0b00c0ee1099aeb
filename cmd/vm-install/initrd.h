// SPDX-License-Identifier: GPL-3.0-or-later
// Files added to an initrd: the kernel unpacks several archives that stand one behind the other.
#pragma once

struct error;
struct list;

// A file that stands in memory alone, since it may hold secrets. Both are NULL where there is none.
struct initrd_text {
	char *name, *content;
};

// Appends an archive with FILES and TEXT, each at its top, to the initrd at PATH.
int initrd_inject(const char *path, const struct list *files, const struct initrd_text *text,
		  struct error *err);
