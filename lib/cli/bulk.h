// SPDX-License-Identifier: GPL-3.0-or-later
// One call for many objects and many hosts.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/call.h"

struct error;

// What a call was divided into.
struct calls {
	struct call *items;
	size_t count;
	size_t capacity;
	bool many;      // they came of a selector or of more than one host
	size_t missing; // hosts and names that nothing came of; what was said of each is out
};

// One more: like CALL, for this session and these objects, which are taken over. HOST is lent.
void calls_add(struct calls *calls, const struct call *call, void *session, const char *host,
	       struct object within, struct object object);

// Says what kept a host or a name out, and counts it.
void calls_miss(struct calls *calls, const struct call *call, const char *host, const char *typed,
		const struct error *err);

// Runs the command of CALL for the hosts and objects that it names: at most five at a time on each
// host. The answers are put together in their order.
int bulk_run(struct call *call, struct error *err);
