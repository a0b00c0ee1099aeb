// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that wait for events have in common.
#pragma once

#include <stdbool.h>

#include "virt/event_queue.h"

struct call;
struct error;

struct watch {
	struct event_queue *queue;
	const struct event_family *family; // NULL: its events bring their whole text
	bool (*wanted)(struct call *call, struct event *event); // NULL: all are
};

// Reports what arrives until --timeout, the first event or (with --loop) ^C.
int events_report(struct call *call, const struct watch *watch, struct error *err);

// clang-format off
#define WATCHED(name_, kind_, help_) \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = (name_), .object = &(kind_), \
	  .help = (help_) }
#define WATCH_TIMEOUT \
	{ .kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "timeout", \
	  .least = 1, .most = 2147483, .help = "end after this many seconds" }
// clang-format on
