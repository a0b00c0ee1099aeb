// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/event_queue.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/exit.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "virt/event_source.h"
#include "virt/failure.h"

// More than a command that drains it leaves lying: what comes then is lost rather than the memory.
enum { EVENTS_MOST = 100000 };

// Milliseconds between looks whether a connection lives.
enum { ALIVE = 500 };

struct node {
	struct node *next;
	struct event *event;
};

struct registration {
	struct registration *next;
	virConnectPtr connection;
	int handle;
	int (*end)(virConnectPtr connection, int handle);
};

struct event_queue {
	atomic_int owners; // its maker, and each source: a callback may run once more after its end
	pthread_mutex_t lock;
	int wake; // an eventfd
	struct node *first, **last;
	size_t count;
	struct registration *registrations; // of the maker's thread alone
};

struct event_source {
	struct event_queue *queue;
	const struct event_kind *kind;
};

const struct event_kind *event_kind_find(const struct event_family *family, const char *name)
{
	for (const struct event_kind *kind = family->kinds; kind->name; kind++)
		if (text_equal(kind->name, name))
			return kind;
	return NULL;
}

void event_free(struct event *event)
{
	if (!event)
		return;
	free(event->name);
	free(event->text);
	json_free(event->facts);
	free(event);
}

struct event_queue *event_queue_new(struct error *err)
{
	struct event_queue *queue = memory_new(1, sizeof(*queue));

	queue->owners = 1;
	queue->last = &queue->first;
	pthread_mutex_init(&queue->lock, NULL);
	queue->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->wake >= 0)
		return queue;
	error_set_errno(err, errno, "cannot wait for events");
	event_queue_free(queue);
	return NULL;
}

static void release(struct event_queue *queue)
{
	if (atomic_fetch_sub(&queue->owners, 1) > 1)
		return;
	for (struct node *node = queue->first, *next; node; node = next) {
		next = node->next;
		event_free(node->event);
		free(node);
	}
	if (queue->wake >= 0)
		close(queue->wake);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void event_queue_free(struct event_queue *queue)
{
	if (!queue)
		return;
	if (interrupt_ends_process()) {
		exit_at_once();
		return;
	}
	for (struct registration *r = queue->registrations, *next; r; r = next) {
		next = r->next;
		r->end(r->connection, r->handle);
		virConnectClose(r->connection);
		free(r);
	}
	virResetLastError();
	release(queue);
}

struct event_source *event_source_new(struct event_queue *queue, const struct event_kind *kind)
{
	struct event_source *source = memory_new(1, sizeof(*source));

	*source = (struct event_source){.queue = queue, .kind = kind};
	queue->owners++;
	return source;
}

void event_source_free(void *data)
{
	struct event_source *source = data;

	release(source->queue);
	free(source);
}

void event_queue_keep(struct event_queue *queue, virConnectPtr connection, int handle,
		      int (*end)(virConnectPtr connection, int handle))
{
	struct registration *registration = memory_new(1, sizeof(*registration));

	*registration = (struct registration){.next = queue->registrations,
					      .connection = connection,
					      .handle = handle,
					      .end = end};
	virConnectRef(connection);
	queue->registrations = registration;
}

int event_queue_watch(struct event_queue *queue, virConnectPtr connection,
		      const struct event_family *family, const struct event_kind *kind,
		      void *object, struct error *err)
{
	struct event_source *source = event_source_new(queue, kind);
	int handle = family->begin(connection, object, kind->id, kind->callback, source,
				   event_source_free);

	if (handle < 0) {
		virt_failure(err, "cannot watch for the event '%s'", kind->name);
		event_source_free(source);
		return -1;
	}
	event_queue_keep(queue, connection, handle, family->end);
	return 0;
}

struct event *event_new(const char *name, const char *format, ...)
{
	struct event *event = memory_new(1, sizeof(*event));
	struct text text = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	event->name = text_copy(name ? name : "");
	event->text = text_take(&text);
	event->facts = json_new_object();
	return event;
}

void event_set(struct event *event, const char *key, struct value value)
{
	json_set(event->facts, key, value);
}

void event_post(void *data, struct event *event)
{
	struct event_source *source = data;
	struct event_queue *queue = source->queue;
	struct node *node;
	struct timeval now;

	gettimeofday(&now, NULL);
	event->kind = source->kind;
	event->time = now.tv_sec * 1000000LL + now.tv_usec;
	pthread_mutex_lock(&queue->lock);
	if (queue->count < EVENTS_MOST) {
		node = memory_new(1, sizeof(*node));
		node->event = event;
		*queue->last = node;
		queue->last = &node->next;
		queue->count++;
		event = NULL;
	}
	pthread_mutex_unlock(&queue->lock);
	event_free(event);
	eventfd_write(queue->wake, 1);
}

static struct event *take(struct event_queue *queue)
{
	struct event *event = NULL;
	struct node *node;

	pthread_mutex_lock(&queue->lock);
	node = queue->first;
	if (node) {
		queue->first = node->next;
		if (!queue->first)
			queue->last = &queue->first;
		queue->count--;
		event = node->event;
	}
	pthread_mutex_unlock(&queue->lock);
	free(node);
	return event;
}

// Asks no host: keep-alive has found out. A close callback would tell at once, but a connection has
// only one, and several queues may watch it.
static bool alive(const struct event_queue *queue)
{
	for (const struct registration *r = queue->registrations; r; r = r->next)
		if (virConnectIsAlive(r->connection) == 0)
			return false;
	return true;
}

int event_queue_next(struct event_queue *queue, const struct cancel *cancel, int milliseconds,
		     struct event **event, struct error *err)
{
	struct pollfd poll = {.fd = queue->wake, .events = POLLIN};
	long long end = milliseconds < 0 ? 0 : clock_milliseconds() + milliseconds;
	eventfd_t count;

	while (!(*event = take(queue))) {
		int left = clock_left(end);

		if (!alive(queue))
			return error_set(err, STATUS_CONNECTION,
					 "the connection to the host was lost");
		if (end && left == 0)
			return 0;
		if (cancel_poll(cancel, &poll, 1, left >= 0 && left < ALIVE ? left : ALIVE) < 0 &&
		    cancel_check(cancel, err) < 0)
			return -1;
		eventfd_read(queue->wake, &count);
	}
	return 1;
}
