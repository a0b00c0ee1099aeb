// SPDX-License-Identifier: GPL-3.0-or-later
// Questions to the agent in a guest, none of which can hang: an agent that does not answer is left
// behind in a thread of its own.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "output/json.h"

struct call;
struct error;

enum { AGENT_COMMAND_MOST = 150000 }; // bytes

struct agent {
	struct call *call;
	virDomainPtr domain;
	bool clearing; // what was begun is being undone: ^C and deadlines do not end its questions
};

// What the agent returned to COMMAND, the text of a JSON document; the caller's. NULL with an
// error: STATUS_TIMEOUT where it does not answer within ten seconds.
//
// An answer must stay below 4 MiB of text: libvirt loses a larger one (REMOTE_STRING_MAX of its
// protocol), and above 10 MiB (QEMU_AGENT_MAX_RESPONSE) it never speaks with the agent again.
//
// The command must fit into the buffer of a socket (AGENT_COMMAND_MOST): libvirt 9 forgets how much
// it has written when that is full, begins anew, and the agent waits for the end of what it can no
// longer make sense of until the guest is restarted. Longer ones are STATUS_USAGE.
struct json *agent_ask(const struct agent *agent, const char *command, struct error *err);

// Where the agent refuses COMMAND, such as guest-exec, the error says why: STATUS_CONFLICT where
// its configuration forbids it, or while the guest's file systems are frozen. Returns -1; *FORBIDS
// tells whether it is the configuration.
int agent_refused(const struct agent *agent, const char *command, bool *forbids, struct error *err);
