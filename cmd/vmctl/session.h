// SPDX-License-Identifier: GPL-3.0-or-later
// vmctl's own state: the connection its commands share.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct call;
struct error;

struct session {
	virConnectPtr connection; // NULL until a command needs it
	bool reads_only;          // what is open is read-only
	char *uri;                // asked for; NULL: connection_default_uri()
	bool readonly;            // asked for
	int keepalive_interval;
	int keepalive_count;
	bool keepalive_asked;
	const char *escape; // ends a console: "^]"
};

struct session *session_new(void);
void session_free(struct session *session);

// struct program's `prepare`: a living connection that the command may use.
int session_prepare(struct call *call, struct error *err);

// Closes the connection; the next command opens URI (NULL: the default).
void session_connect_to(struct session *session, const char *uri, bool readonly);

// Connects to URI at once; where that fails, everything stays as it was.
int session_reconnect(struct call *call, const char *uri, bool readonly, struct error *err);

virConnectPtr session_connection(struct call *call);
