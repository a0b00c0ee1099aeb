// SPDX-License-Identifier: GPL-3.0-or-later
// Unix sockets of daemons.
#pragma once

struct host;

enum socket_state {
	SOCKET_UNKNOWN, // nothing recorded tells
	SOCKET_ABSENT,
	SOCKET_DEAD,   // there, and nobody listens
	SOCKET_DENIED, // there, and not for the caller
	SOCKET_SILENT, // takes connections, does not answer
	SOCKET_ANSWERS,
};

// Connects to a daemon of libvirt's and asks how it would have us authenticate, which it tells
// everyone; waits for the answer for a second at most.
enum socket_state socket_look(const struct host *host, const char *path);
