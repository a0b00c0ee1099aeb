// SPDX-License-Identifier: GPL-3.0-or-later
// Unix sockets of daemons.
#pragma once

struct host;

enum socket_state {
	SOCKET_UNKNOWN, // nothing recorded tells
	SOCKET_ABSENT,
	SOCKET_DEAD,   // there, and nobody listens
	SOCKET_DENIED, // there, and not for the caller
	SOCKET_ANSWERS,
};

// Connects and leaves again without a word; never waits.
enum socket_state socket_look(const struct host *host, const char *path);
