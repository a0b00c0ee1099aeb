// SPDX-License-Identifier: GPL-3.0-or-later
// New disk images: complete under their name, or nothing at all.
#pragma once

#include <stdbool.h>

struct error;
struct image;
struct list;

struct creation {
	const char *path;
	const char *format;          // NULL: raw
	unsigned long long size;     // bytes; of no meaning without `sized`
	bool sized;                  // else the size is that of the backing file, or in a setting
	const char *backing_file;    // as it is to be recorded: relative to the image's directory
	const char *backing_format;  // needed with it
	bool unchecked;              // the backing file need not be there
	bool replace;                // an image of that name may be replaced
	const char *preallocation;   // off, metadata, falloc, full; NULL: off
	const struct list *settings; // "name=value,..." of the format, NULL for none
	const struct list *objects;  // for qemu-img's --object, such as secrets; NULL for none
	// Called with the bytes that are taken, while all of the disk is; NULL: not wanted.
	void (*hear)(void *data, unsigned long long done);
	void *data;
	// Gets what qemu-img says of it, or said before it failed; the caller's. NULL: not wanted.
	char **line;
};

// Makes the image. *MADE, unless it is NULL, is what its header then says; the caller's. On an
// error or a signal (see interrupt.h) there is nothing that was not there before.
int create_image(const struct creation *creation, struct image *made, struct error *err);

// Refuses to guess the format of BACKING, as it is to be recorded in the image PATH: QEMU does
// since 6.1, since a guest that was given a raw disk can write any header into it. The hint says
// what the content looks like; a file that is not there is another error.
int create_refuse_format(const char *path, const char *backing, struct error *err);
