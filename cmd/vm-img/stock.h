// SPDX-License-Identifier: GPL-3.0-or-later
// The images of directories and pools, what they stand on and who uses them.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "image/image.h"

struct call;
struct error;

enum { STOCK_NONE = -1 };

// A directory whose images are wanted.
struct place {
	char *path;
	char *pool; // the pool it belongs to, NULL where it was named by its path
	unsigned long long capacity, available; // of the pool, bytes
};

struct stocked {
	char *path;
	struct image image; // empty where it cannot be read
	char *failure;      // why not; NULL
	size_t place;       // only of meaning without `outside`
	bool outside;       // in none of the places: something stands on it, or a guest uses it
	long below;         // the image that it stands on, STOCK_NONE for none
	long owner;         // the image whose data are in this file, STOCK_NONE for none
	char *missing;      // the file that it should stand on, which is not there; NULL
	char *remote;       // what only QEMU could open and it stands on; NULL
	bool loops;         // its backing chain comes back to it
	struct list guests; // those whose own file it is
	struct list states; // of the same number: "running" or "off"
	struct list users;  // other processes that have it open, "'qemu-img' (process 4711)"
	size_t overlays;    // images that stand on it directly
	bool needed;        // a guest or process uses it, or what stands on it
};

struct stock {
	struct place *places;
	size_t place_count;
	struct stocked *all;
	size_t count;
	bool guests_known;    // libvirt has told of all guests
	bool processes_known; // all processes could be looked into
};

// Finds the directories that NAMES name, each a directory or a pool; with no names, those of all
// active pools. Only for pools is libvirt asked.
int stock_find_places(struct call *call, const struct list *names, struct stock *stock,
		      struct error *err);

// Reads the headers of all files in the places, hidden ones left out, and of what they stand on,
// as far as it is local. A file that cannot be read is an entry of its own.
int stock_read(struct stock *stock, struct error *err);

// Finds who uses them: processes, and with LIBVIRT guests that are off too, whose files are added
// where they are in none of the places. Where libvirt does not answer a warning says so.
void stock_find_users(struct call *call, bool libvirt, struct stock *stock);

// The entry of the file PATH, by what file it is and not by its name; STOCK_NONE where it is none.
long stock_find(const struct stock *stock, const char *path);

// Adds a file of no place and what it stands on; FORMAT as for image_read(). Gives its entry, or
// STOCK_NONE where there is no such file.
long stock_add(struct stock *stock, const char *path, const char *format);

// "guest web, 'qemu-nbd' (process 4711)"; "" for nobody. The caller's.
char *stock_users_text(const struct stocked *stocked);

void stock_clear(struct stock *stock);
#define auto_stock __attribute__((cleanup(stock_clear)))
