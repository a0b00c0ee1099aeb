// SPDX-License-Identifier: GPL-3.0-or-later
// Whether another user gets to a file: QEMU runs as a user of its own, who must be able to go
// through every directory of the path. (The file itself libvirt hands over to that user at the
// start, unless it was told not to.) Root takes that user's rights and tries, so access control
// lists count; anybody else goes by the modes, and takes what has a list for open.
#pragma once

#include <stdbool.h>

struct account;
struct text;

enum reach {
	REACH_YES,
	REACH_MISSING, // there is no such file, or no such directory above it
	REACH_CLOSED,  // a directory above it lets the user not through
	REACH_DENIED,  // the user may not open it
	REACH_UNKNOWN, // the caller cannot tell
};

// How far USER gets on the way to PATH, which is absolute. *AT is the directory or file that stops
// it, the caller's; untouched with REACH_YES. With OPENS the file itself is opened too, with WRITES
// to write.
struct reach_wish {
	const char *path;
	bool opens, writes;
};
enum reach reach_look(const struct account *user, const struct reach_wish *wish, char **at);

// Appends all directories above PATH, an absolute one, that the user cannot go through: a blank and
// a word of a shell for each.
void reach_closed(const struct account *user, const char *path, struct text *closed);

// Whether the user may read the file PATH, once he is where it is.
bool reach_may_read(const struct account *user, const char *path);
