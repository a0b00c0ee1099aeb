// SPDX-License-Identifier: GPL-3.0-or-later
// The images of directories and pools, what they stand on and who uses them.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "image/image.h"

struct call;
struct error;
struct json;

enum { MEMBER_NONE = -1 };

// A directory whose images are wanted, or that is only searched for what has them below it.
struct place {
	char *path;
	bool searched; // the latter: its images count as outside
	char *pool;    // the pool it belongs to, NULL where it was named by its path
	unsigned long long capacity, available; // of the pool, bytes
};

struct member {
	char *path;
	struct image image; // empty where it cannot be read
	char *failure;      // why not; NULL
	size_t place;       // only of meaning without `outside`
	bool outside;       // in none of the places: something stands on it, or a guest uses it
	long below;         // the image that it stands on, MEMBER_NONE for none
	long owner;         // the image whose data are in this file, MEMBER_NONE for none
	char *missing;      // the file that it should stand on, which is not there; NULL
	char *remote;       // what only QEMU could open and it stands on; NULL
	bool loops;         // what it stands on stands on it: below is not set
	struct list guests; // those whose own file it is
	struct list states; // of the same number: "running" or "off"
	struct list users;  // other processes that have it open, "'qemu-img' (process 4711)"
	size_t overlays;    // images that stand on it directly
	bool needed;        // a guest or process uses it, or what stands on it
};

struct collection {
	struct place *places;
	size_t place_count;
	size_t listed; // places that were named, the first ones
	struct member *all;
	size_t count;
	size_t linked;        // of those it is known what they stand on
	size_t read;          // places that were read
	struct list files;    // that were named instead of places; theirs are the places
	struct list named;    // paths that guests have, whether there is a file or not
	bool quiet;           // no warning about what is not known
	bool libvirt_asked;   // for pools and guests
	bool guests_known;    // libvirt has told of all guests
	bool processes_known; // all processes could be looked into
};

// Finds the directories that NAMES name: each a directory, a pool, or a file for the directory that
// it is in. With no names, those of all active pools. Only for pools is libvirt asked.
int collection_find_places(struct call *call, const struct list *names,
			   struct collection *collection, struct error *err);

// Reads the headers of all files in the places, hidden ones left out, and of what they stand on,
// as far as it is local. A file that cannot be read is an entry of its own.
int collection_read(struct collection *collection, struct error *err);

// Finds who uses them: processes, and with LIBVIRT guests that are off too. What could stand on
// them is searched for in all pools and in the directories of every file that a guest or a chain
// names. Where libvirt does not answer a warning says so.
void collection_find_users(struct call *call, bool libvirt, struct collection *collection);

// Reads the places that were added since; one that cannot be read is passed over.
void collection_read_more(struct collection *collection);

// Adds a directory to be searched, unless it is a place already.
void collection_add_place(struct collection *collection, const char *path, const struct json *pool);

// The pools as vmctl tells of them, the caller's; NULL on failure.
struct json *collection_ask_pools(struct call *call, struct error *err);

// "images, pool store; guests, processes": what was looked at. The caller's.
char *collection_searched(const struct collection *collection);

// The entry of the file PATH, by what file it is and not by its name; MEMBER_NONE where it is none.
long collection_find(const struct collection *collection, const char *path);

// Adds a file of no place and what it stands on; FORMAT as for image_read(). Gives its entry, or
// MEMBER_NONE where there is no such file.
long collection_add(struct collection *collection, const char *path, const char *format);

// Whether it is in one of the places that were named; where files were named, one of those.
bool collection_is_listed(const struct collection *collection, size_t index);

// "guest web, 'qemu-nbd' (process 4711)"; "" for nobody. The caller's.
char *collection_users_text(const struct member *member);

// What one column of a table may take of the terminal, and what of that is taken already (columns).
struct collection_share {
	size_t sixteenths, taken;
};

// TEXT, where someone reads it shortened in its middle to its share; the caller's.
char *collection_shorten(const struct call *call, const char *text, struct collection_share share);

void collection_clear(struct collection *collection);
#define auto_collection __attribute__((cleanup(collection_clear)))
