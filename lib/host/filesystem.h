// SPDX-License-Identifier: GPL-3.0-or-later
// The file system that holds a directory: its room, and what disk images profit from.
#pragma once

#include <stdbool.h>

struct host;

enum filesystem_answer { FILESYSTEM_UNKNOWN, FILESYSTEM_NO, FILESYSTEM_YES };

struct filesystem {
	bool known;
	char type[16];                      // "ext4", ...; a number where it has no name here
	unsigned long long size, available; // bytes; available to users that are not root
	enum filesystem_answer reflink;     // copies that share their blocks
	enum filesystem_answer direct;      // O_DIRECT, which libvirt calls cache='none'
};

// Its type and room, and where WRITING what is found out by trying, which is unknown where the
// caller may not write into the directory. Nothing is left behind.
void filesystem_look(struct filesystem *filesystem, const struct host *host, const char *path,
		     bool writing);

// As a recorded machine keeps it; the caller's.
char *filesystem_string(const struct filesystem *filesystem);
