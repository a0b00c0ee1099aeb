// SPDX-License-Identifier: GPL-3.0-or-later
// An image and the backing files that it needs, from the top down.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "image/image.h"

struct error;
struct stat;

struct chain_link {
	char *path;
	struct image image;
};

// Why it goes no further down.
enum chain_end {
	CHAIN_WHOLE,   // the last one has no backing file
	CHAIN_REMOTE,  // only QEMU could open the next one
	CHAIN_MISSING, // the next one is not there, or may not be read
	CHAIN_UNSOUND, // the header of the next one cannot be read
	CHAIN_SPECIAL, // the next one is a pipe, a directory or the like
	CHAIN_LOOP,    // the next one is one of those above
	CHAIN_LONG,    // there are more than make sense
};

struct chain {
	struct chain_link *links; // [0] is the image itself
	size_t count;
	enum chain_end end;
	const char *remote; // with CHAIN_REMOTE the name of the next one, lent from the last
	char *next;         // the path of the next one where it is broken; NULL
	char *failure;      // what is wrong with that, for people; NULL
};

// A step down from a file, of whoever walks chains.
struct chain_step {
	const char *path;
	const struct image *image; // its header
	// Whether the file STATUS is that one, or stands on it by what the walk knows.
	bool (*is_above)(const void *walk, const struct stat *status);
	const void *walk;
};

// What stands below: *NEXT gets its path, the caller's, and *STATUS what file it is; NULL where
// there is none, or with CHAIN_REMOTE. What the answer is not CHAIN_WHOLE for must not be opened.
enum chain_end chain_next(const struct chain_step *step, char **next, struct stat *status);

// Follows backing files as far as they are local; how it ends is a fact of the chain. Only the
// first image must be readable. FORMAT as for image_read().
int chain_walk(const char *path, const char *format, struct chain *chain, struct error *err);

// The same with only as much of each header as says what is below: what is wrong with its tables
// does not matter.
int chain_walk_outline(const char *path, const char *format, struct chain *chain,
		       struct error *err);

// Walks, and fails where the chain is broken.
int chain_read(const char *path, const char *format, struct chain *chain, struct error *err);

// Fails where QEMU, opening the chain, would hang: a loop, a pipe, no end.
int chain_check_end(const struct chain *chain, struct error *err);

void chain_clear(struct chain *chain);
#define auto_chain __attribute__((cleanup(chain_clear)))
