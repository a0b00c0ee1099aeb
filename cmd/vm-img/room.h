// SPDX-License-Identifier: GPL-3.0-or-later
// Room in a directory or pool: what images take, what was promised to guests, what is free.
#pragma once

#include <stddef.h>

struct error;
struct collection;

// All in bytes, but the number of images.
struct room {
	size_t images;
	unsigned long long capacity, free; // of the file system or pool
	unsigned long long allocated;      // what the images take
	unsigned long long promised;       // the disks that their guests see
	unsigned long long growth;         // what they can still take
	unsigned long long lacking;        // what of that is not free
};

int room_find(const struct collection *collection, size_t place, struct room *room,
	      struct error *err);
