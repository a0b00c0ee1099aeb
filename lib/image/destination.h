// SPDX-License-Identifier: GPL-3.0-or-later
// Where a new image goes: a file is staged and gets its name when it is complete, a block
// device or what only QEMU can open is written in place.
#pragma once

#include <stdbool.h>

#include "base/staged_file.h"
#include "image/data_file.h"
#include "image/image_lock.h"
#include "image/location.h"

struct confinement;
struct error;
struct settings;

struct destination_wish {
	const struct location *location;
	const char *format;
	const struct settings *settings; // NULL for none
	bool replace;                    // what is there may be lost
	const char *backing;             // the backing file as it is recorded; NULL for none
};

struct destination {
	const char *path; // to be written; lent from this or from the wish
	enum location_kind kind;
	bool in_place; // it is no file of this host
	struct staged_file file;
	struct image_lock lock;  // on what is replaced
	struct location backing; // the backing file; without a word for none
	struct data_file data;   // that comes beside the image
};
#define DESTINATION_NONE                                                                           \
	{                                                                                          \
		.file = STAGED_FILE_NONE, .lock = IMAGE_LOCK_NONE, .data = DATA_FILE_NONE          \
	}

// Fails where something would be lost without `replace`, and where it is in use.
int destination_begin(const struct destination_wish *wish, struct destination *destination,
		      struct error *err);

// Puts what was made in place; with SYNC it is on the disk before that.
int destination_commit(struct destination *destination, bool sync, struct error *err);

// Lets the program that makes it open what is written, and the backing file and data file that were
// wished.
void destination_allow(const struct destination *destination, struct confinement *confinement);

// Gives the error of a program that made it the name NAME that the user knows.
void destination_name_error(const struct destination *destination, const char *name,
			    struct error *err);

// Removes what was made and not put in place.
void destination_clear(struct destination *destination);
#define auto_destination __attribute__((cleanup(destination_clear)))
