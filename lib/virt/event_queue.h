// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to objects, in a queue: libvirt's callbacks run on the event loop's thread and fill
// it, the command's own thread takes from it. That a connection has closed arrives there too.
#pragma once

#include <libvirt/libvirt.h>

#include "output/json.h"

struct cancel;
struct error;
struct event_queue;
struct event_source;
struct kind;

// One thing that may happen to objects of one kind.
struct event_kind {
	const char *name;       // "lifecycle"
	int id;                 // libvirt's
	void (*callback)(void); // of the type that libvirt has for this id
};

// All that may happen to them.
struct event_family {
	const struct kind *kind;
	const char *noun;               // in virsh's lines: "domain"
	bool quoted;                    // they put its name in quotes
	const struct event_kind *kinds; // ends with a NULL name
	// Registers for ID, of OBJECT or of all; a handle, or -1. `end` takes it back.
	int (*begin)(virConnectPtr connection, void *object, int id, void (*callback)(void),
		     void *data, virFreeCallback release);
	int (*end)(virConnectPtr connection, int handle);
};

extern const struct event_family domain_events, network_events, pool_events, device_events,
	secret_events;

// The kind of that name, or NULL.
const struct event_kind *event_kind_find(const struct event_family *family, const char *name);

// Something that happened.
struct event {
	const struct event_kind *kind;
	char *name;         // of the object; virsh's lines have a secret's UUID
	struct json *facts; // by the keys of event_results (cmd/vmctl)
	char *text;         // what virsh's line says after the object, with its newline
	long long time;     // when it was seen, in microseconds since 1970
};

void event_free(struct event *event); // also takes NULL
static inline void cleanup_event(struct event **event)
{
	event_free(*event);
}
#define auto_event __attribute__((cleanup(cleanup_event)))

struct event_queue *event_queue_new(struct error *err);
void event_queue_free(struct event_queue *queue); // also takes NULL
static inline void cleanup_event_queue(struct event_queue **queue)
{
	event_queue_free(*queue);
}
#define auto_event_queue __attribute__((cleanup(cleanup_event_queue)))

// From now on KIND arrives in the queue, of OBJECT or (NULL) of all objects.
int event_queue_watch(struct event_queue *queue, virConnectPtr connection,
		      const struct event_family *family, const struct event_kind *kind,
		      void *object, struct error *err);

// The next event, the caller's, to *EVENT: 1; 0 after MILLISECONDS (-1: never) without one; -1
// when CANCEL ended it or a watched connection has closed.
int event_queue_next(struct event_queue *queue, const struct cancel *cancel, int milliseconds,
		     struct event **event, struct error *err);
