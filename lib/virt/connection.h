// SPDX-License-Identifier: GPL-3.0-or-later
// Connections to a hypervisor: which one is meant, opened within a deadline, kept alive.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stdio.h>

struct cancel;
struct error;

struct connection_options {
	const char *uri; // NULL: connection_default_uri() decides
	bool readonly;
	bool ask;               // for a name and a password, where the host wants them
	FILE *prompts;          // gets the questions where there is no terminal; NULL: libvirt asks
	int keepalive_interval; // seconds, 0 for none
	int keepalive_count;    // unanswered messages before the connection counts as broken
	bool keepalive_asked;   // not having keep-alive is an error
	bool *keepalive_failed; // gets whether there is none; or NULL
	long long deadline;     // milliseconds that opening may take, 0 for the default
	const struct cancel *cancel; // ends it too; NULL for none
};

// The URI to use when none was given: $VMCTL_URI, $VIRSH_DEFAULT_CONNECT_URI, $LIBVIRT_DEFAULT_URI,
// qemu:///system when its daemon's socket answers, else qemu:///session; NULL where libvirt's own
// configuration (uri_default) decides. The caller's.
char *connection_default_uri(void);

// A connection for the caller to close, or NULL. Never hangs: STATUS_TIMEOUT after the deadline.
virConnectPtr connection_open(const struct connection_options *options, struct error *err);

// The file of libvirt's client configuration that is ours: root's in /etc, else the user's, whether
// it is there or not. The caller's.
char *connection_configuration(void);

// Whether the connection names no other machine than this one, as "qemu:///system" and
// "qemu+unix:///system"; false of drivers other than QEMU's.
bool connection_is_local(virConnectPtr connection);
