// SPDX-License-Identifier: GPL-3.0-or-later
// A file whose header is to be read: opened without side effects, read within its bounds.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

struct source {
	int fd;
	const char *path;             // lent, for messages
	unsigned long long size;      // of the file or block device
	unsigned long long allocated; // bytes of disk that it takes
	dev_t device;                 // with the inode: which file it is
	ino_t inode;
	mode_t mode;
	bool block;
};

// Opens a regular file or a block device to read; anything else, such as a pipe, is an error.
int source_open(const char *path, struct source *source, struct error *err);

// Fails with errno value NUMBER of opening PATH.
int source_refuse(const char *path, int number, struct error *err);
void source_close(struct source *source);
#define auto_source __attribute__((cleanup(source_close)))

// Reads exactly LENGTH bytes at OFFSET. A header that points behind the end of the file is an
// error.
int source_read(const struct source *source, unsigned long long offset, void *buffer, size_t length,
		struct error *err);

// The same, the bytes in new memory, the caller's, with a NUL behind them; NULL on failure. More
// than MOST is an error.
char *source_read_new(const struct source *source, unsigned long long offset,
		      unsigned long long length, size_t most, struct error *err);
