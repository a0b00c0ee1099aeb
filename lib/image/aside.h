// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is made under another name and gets its own only when it is complete: until then the
// file that it replaces stays whole, and a failure leaves nothing behind.
#pragma once

#include <stdbool.h>

struct error;

struct aside {
	char *target;    // the name that it is to get, symbolic links followed
	char *path;      // where it is made
	char *directory; // of its own, where the format comes in several files; else NULL
	bool replaces;   // there is a file to be replaced
	int fd;          // of the file being made; -1 when it is made in a directory
};

// Makes an empty file beside TARGET. An existing TARGET is an error unless REPLACE; an empty one is
// nothing that could be lost. What a killed program has left of an earlier try is removed.
int aside_begin(const char *target, bool replace, struct aside *aside, struct error *err);

// The same, but a directory in which the file of the same name, and others with it, are to be made.
int aside_begin_directory(const char *target, bool replace, struct aside *aside, struct error *err);

// Puts what was made in place, with the owner and mode of what it replaces. With SYNC it is on the
// disk before that.
int aside_commit(struct aside *aside, bool sync, struct error *err);

// Removes what was made and not put in place.
void aside_abandon(struct aside *aside);
#define auto_aside __attribute__((cleanup(aside_abandon)))
