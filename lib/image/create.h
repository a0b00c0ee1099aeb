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
	const char *backing_format;  // NULL: found out, and recorded
	bool unchecked;              // the backing file need not be there
	bool replace;                // an image of that name may be replaced
	const char *preallocation;   // off, metadata, falloc, full; NULL: off
	const struct list *settings; // "name=value,..." of the format, NULL for none
	const struct list *objects;  // for qemu-img's --object, such as secrets; NULL for none
};

// Makes the image. *MADE, unless it is NULL, is what its header then says; the caller's. On an
// error or a signal (see interrupt.h) there is nothing that was not there before.
int create_image(const struct creation *creation, struct image *made, struct error *err);

// The first part of it alone: what is to be recorded as the backing file's format, looked up by its
// header where the creation does not say; the caller's. *SIZE is the size of its disk.
char *create_backing_format(const struct creation *creation, unsigned long long *size,
			    struct error *err);
