// SPDX-License-Identifier: GPL-3.0-or-later
// The connections of a program: one for each host that its user named.
#pragma once

#include <libvirt/libvirt.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct call;
struct calls;
struct error;
struct list;

// One host. Calls run side by side on it.
struct session {
	virConnectPtr connection; // NULL until a command needs it
	bool reads_only;          // what is open is read-only
	char *uri;                // asked for; NULL: connection_default_uri()
	char *name;               // how the user calls the host; NULL where there is only one
	char *word;               // behind the -c that led to it; NULL: none
	bool readonly;            // asked for
	bool quiet;               // its user is asked for no password
	unsigned long server;     // version of its libvirt, 0 while nobody asked
	const struct sessions *all;
};

struct sessions {
	struct session **items; // at least one
	size_t count;
	int keepalive_interval;
	int keepalive_count;
	bool keepalive_asked;
	const char *otherwise; // the URI where no host is named; NULL: connection_default_uri()
	const char *escape;    // ends a console: "^]"
};

struct sessions *sessions_new(void);
// A fresh one with the same settings and hosts, none of them connected.
struct sessions *sessions_copy(const struct sessions *sessions);
void sessions_free(struct sessions *sessions);

// Another one for the same host, not connected, that asks its user for nothing; for the caller to
// free.
struct session *session_again(const struct session *session);
void session_free(struct session *session);

// The hosts are those of NAMES: URIs, or what hosts_expand() knows; none: the default one. Open
// connections are closed.
int sessions_name(struct sessions *sessions, const struct list *names, bool readonly,
		  struct error *err);

// What a user puts behind -c to reach the host of the call; NULL where nothing is needed. Lent.
const char *session_word(const struct call *call);

// A living connection that the call may use, to the host of its session.
int session_prepare(struct call *call, struct error *err);

// Whether the call's connection only reads though its user did not ask for that; session_write()
// then opens one that may write in its place, after which objects of the old one are of no use.
bool session_could_write(const struct call *call);
int session_write(struct call *call, struct error *err);

// Connects the first host to URI at once; where that fails, everything stays as it was.
int session_reconnect(struct call *call, const char *uri, bool readonly, struct error *err);

// The call's own.
virConnectPtr session_connection(const struct call *call);

// Version of the libvirt that serves the call, such as 9000000; asked once. 0 where it cannot be
// told.
unsigned long session_server(const struct call *call);

// Fails where an option of the call needs a newer libvirt on the host than it has.
int session_check_server(const struct call *call, struct error *err);
