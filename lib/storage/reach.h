// SPDX-License-Identifier: GPL-3.0-or-later
// Whether QEMU can get to a file: it runs as a user of its own, who must be able to go through
// every directory of the path. (The file itself libvirt hands over to that user at the start,
// unless it was told not to.)
#pragma once

#include <stdbool.h>

struct account;

enum reach {
	REACH_YES,
	REACH_MISSING, // there is no such file, or no such directory above it
	REACH_CLOSED,  // a directory above it lets the user not through
	REACH_DENIED,  // the user may not open it
	REACH_UNKNOWN, // the caller cannot tell
};

// How far USER gets on the way to PATH, which is absolute. As root it is tried with that user's
// rights, so access control lists count too; as anybody else the modes of directories tell. *AT is
// the directory or file that stops it, the caller's; untouched with REACH_YES. With OPENS the file
// itself is opened too, with WRITES to write.
struct reach_wish {
	const char *path;
	bool opens, writes;
};
enum reach reach_look(const struct account *user, const struct reach_wish *wish, char **at);
