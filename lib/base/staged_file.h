// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are made out of sight, in a private directory beside their place, and get their name
// when they are complete: until then nobody else can read or swap them, what they replace stays
// whole, and a failure leaves nothing behind. All of it is done by descriptors, since whoever owns
// the directory can rename and swap what is in it at any moment.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/private_directory.h"

struct error;

struct staging {
	const char *target; // the name that the file is to get; our own symbolic links are followed
	bool replace;       // a file of that name may be replaced, and hands on its owner and mode
	bool secret;        // nobody but the owner may read it, whatever the mode of the old one
	bool several;       // more files come of it, the main one is made by whoever makes those
	mode_t mode;        // of a new file, less the umask; 0: 0644
	// Files that programs look for relative to the new one while they make it, those that
	// inherit descriptors; NULL for none, ends with NULL.
	const char *const *beside;
};

struct staged_file {
	char *target; // symbolic links followed
	char *path;   // for programs that open it by name: wherever the directory is moved to
	char *inner;  // the same for us, and for a child that inherits `level` and `directory`
	int fd;       // of the file, empty at first; -1 with `several`
	int old;      // the file that is to be replaced, O_PATH; -1: there is none
	mode_t mode;  // that it gets, unless that of the old one
	bool secret;
	bool keeps;       // what staged_file_keep() does was done
	const char *name; // in its directory, lent from `target`
	int directory;    // of the target, O_PATH
	int level;        // the directory in which it is made: the private one, or below that
	struct private_directory private;
};
#define STAGED_FILE_NONE                                                                           \
	{                                                                                          \
		.fd = -1, .old = -1, .directory = -1, .level = -1, .private = {.fd = -1 }          \
	}

// Begins a file. One of that name is STATUS_CONFLICT unless it may be replaced; an empty one of our
// own is nothing that could be lost, one of somebody else would hand on its owner. What a killed
// program has left of an earlier try is removed.
int staged_file_begin(const struct staging *staging, struct staged_file *file, struct error *err);

// For a file that is the same one as the old, only better: before its content comes. It keeps
// attributes, ACL, labels and flags; fails where that cannot be done, or where the old one has
// other names, which would go on with the old content.
int staged_file_keep(struct staged_file *file, struct error *err);

struct staged_commit {
	bool sync; // it is on the disk before it has its name
	// Asked when the new file has the name and the old one is still there: on a failure all is
	// as it was. NULL: not wanted.
	int (*agree)(void *data, struct error *err);
	void *data;
};

// Gives the file, and those beside it, their names. Fails where the name means another file by now
// than it did at the beginning.
int staged_file_commit(struct staged_file *file, const struct staged_commit *commit,
		       struct error *err);

// Removes what was made and has no name yet.
void staged_file_abandon(struct staged_file *file);
#define auto_staged_file __attribute__((cleanup(staged_file_abandon)))
