// SPDX-License-Identifier: GPL-3.0-or-later
// For the files that hold libvirt's callbacks: their data is a source, and they put what happened
// into its queue.
#pragma once

#include "virt/event_queue.h"

// The data of a callback that reports KIND.
struct event_source *event_source_new(struct event_queue *queue, const struct event_kind *kind);
void event_source_free(void *source); // a virFreeCallback

// What was registered with a source ends with the queue.
void event_queue_keep(struct event_queue *queue, virConnectPtr connection, int handle,
		      int (*end)(virConnectPtr connection, int handle));

// An event of the source's kind for the object NAME; FORMAT brings the newline.
struct event *event_new(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void event_set(struct event *event, const char *key, struct value value);
// One of metadata that was changed: of libvirt's TYPE, with URI where it is an element.
struct event *event_metadata(const char *name, int type, const char *uri);
// Puts it into the queue, which takes it over.
void event_post(void *source, struct event *event);
