// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt's own loop (virEventRegisterDefaultImpl) is woken several times by each call that a
// thread makes: the thread takes the socket from the loop, and gives it back. In this one that
// wakes nobody, and where calls follow each other the kernel is not even asked: a socket that was
// given back is watched anew after a moment.
#include "virt/events.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"

enum {
	AT_ONCE = 16,
	NEVER = -1,
	HELD_UP = 1,      // milliseconds
	MOMENT = 1000000, // nanoseconds until a socket that was given back is watched
	WAKE = 0,
	SETTLE = -1, // what the kernel reports them as: no entry has such an id
};

// A descriptor that is watched, or a timer.
struct entry {
	int id; // what libvirt knows it by
	bool removed;
	int fd;        // NEVER for a timer
	int wanted;    // libvirt's events that it is to be watched for
	bool watched;  // the kernel watches it
	int frequency; // of a timer: milliseconds, or NEVER
	long long due; // of a timer that is on: when, as clock_milliseconds() counts
	virEventHandleCallback ready;
	virEventTimeoutCallback expired;
	void *opaque;
	virFreeCallback release;
};

// libvirt has one event loop for a process, and so has this.
static struct {
	pthread_once_t once;
	bool failed;
	bool running;         // its thread, from the first entry on
	pthread_mutex_t lock; // never held while libvirt is called
	int epoll;
	int wake;        // an eventfd
	int settle;      // a timerfd: sockets that were given back are to be watched,
	bool settling;   // which is on
	long long until; // how long the loop sleeps
	int last;        // id that was given
	struct entry **entries;
	size_t count;
} loop = {.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};

static void wake(void)
{
	while (write(loop.wake, &(unsigned long long){1}, sizeof(unsigned long long)) < 0 &&
	       errno == EINTR)
		continue;
}

static struct entry *find(int id)
{
	for (size_t i = 0; i < loop.count; i++)
		if (loop.entries[i]->id == id && !loop.entries[i]->removed)
			return loop.entries[i];
	return NULL;
}

static void *run(void *data);

// Called with the lock held. A connection that needs no loop is not made to wait for a thread.
static bool is_running(void)
{
	pthread_t thread;

	if (loop.running)
		return true;
	loop.running = thread_start(&thread, run, NULL) == 0;
	if (loop.running)
		pthread_detach(thread);
	return loop.running;
}

// NULL where the loop cannot run.
static struct entry *add(struct entry entry)
{
	struct entry *added;

	if (!is_running())
		return NULL;
	added = memory_new(1, sizeof(*added));
	*added = entry;
	added->id = ++loop.last;
	loop.entries = memory_resize(loop.entries, loop.count + 1, sizeof(struct entry *));
	loop.entries[loop.count++] = added;
	return added;
}

// Has it watched for what is wanted, or not at all: the kernel would report a socket that was hung
// up even where nothing is asked.
static int watch(struct entry *entry)
{
	struct epoll_event wanted = {.data.fd = entry->id};
	int events = entry->wanted;
	int operation = !events ? EPOLL_CTL_DEL : entry->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (!events && !entry->watched)
		return 0;
	if (events & VIR_EVENT_HANDLE_READABLE)
		wanted.events |= EPOLLIN;
	if (events & VIR_EVENT_HANDLE_WRITABLE)
		wanted.events |= EPOLLOUT;
	if (epoll_ctl(loop.epoll, operation, entry->fd, &wanted) < 0)
		return -1;
	entry->watched = events != 0;
	return 0;
}

static int add_handle(int fd, int events, virEventHandleCallback ready, void *opaque,
		      virFreeCallback release)
{
	struct entry *entry;
	int id = -1;

	pthread_mutex_lock(&loop.lock);
	entry = add((struct entry){.fd = fd,
				   .wanted = events,
				   .frequency = NEVER,
				   .ready = ready,
				   .opaque = opaque,
				   .release = release});
	if (entry && watch(entry) < 0) {
		free(entry);
		loop.count--;
	} else if (entry) {
		id = entry->id;
	}
	pthread_mutex_unlock(&loop.lock);
	return id;
}

static void update_handle(int id, int events)
{
	const struct itimerspec moment = {.it_value.tv_nsec = MOMENT};
	struct entry *entry;

	pthread_mutex_lock(&loop.lock);
	entry = find(id);
	if (entry && entry->fd >= 0) {
		entry->wanted = events;
		if (entry->watched)
			watch(entry);
		else if (events && !loop.settling)
			loop.settling = timerfd_settime(loop.settle, 0, &moment, NULL) == 0;
	}
	pthread_mutex_unlock(&loop.lock);
}

// Called with the lock held.
static void settle(void)
{
	unsigned long long times;

	if (read(loop.settle, &times, sizeof(times)) < 0)
		return;
	loop.settling = false;
	for (size_t i = 0; i < loop.count; i++)
		if (loop.entries[i]->wanted && !loop.entries[i]->watched)
			watch(loop.entries[i]);
}

static void set_timer(struct entry *entry, int frequency)
{
	entry->frequency = frequency;
	entry->due = clock_milliseconds() + frequency;
	if (frequency >= 0 && entry->due < loop.until)
		wake();
}

static int add_timeout(int frequency, virEventTimeoutCallback expired, void *opaque,
		       virFreeCallback release)
{
	struct entry *entry;
	int id = -1;

	pthread_mutex_lock(&loop.lock);
	entry = add((struct entry){
		.fd = NEVER, .expired = expired, .opaque = opaque, .release = release});
	if (entry) {
		set_timer(entry, frequency);
		id = entry->id;
	}
	pthread_mutex_unlock(&loop.lock);
	return id;
}

static void update_timeout(int id, int frequency)
{
	struct entry *entry;

	pthread_mutex_lock(&loop.lock);
	entry = find(id);
	if (entry)
		set_timer(entry, frequency);
	pthread_mutex_unlock(&loop.lock);
}

// What belongs to it is released by the loop: its callback may be running.
static int remove_entry(int id)
{
	struct entry *entry;

	pthread_mutex_lock(&loop.lock);
	entry = find(id);
	if (entry) {
		entry->wanted = 0;
		watch(entry);
		entry->removed = true;
		wake();
	}
	pthread_mutex_unlock(&loop.lock);
	return entry ? 0 : -1;
}

// Called, and returns, with the lock held.
static void release_removed(void)
{
	for (size_t i = 0; i < loop.count; i++) {
		struct entry *entry = loop.entries[i];

		if (!entry->removed)
			continue;
		loop.entries[i] = loop.entries[--loop.count];
		pthread_mutex_unlock(&loop.lock);
		if (entry->release)
			entry->release(entry->opaque);
		free(entry);
		pthread_mutex_lock(&loop.lock);
		i = (size_t)-1; // others may have come and gone
	}
}

// Bytes that wait to be read; 0 where that cannot be told.
static int waiting(int fd)
{
	int bytes = 0;

	return ioctl(fd, FIONREAD, &bytes) < 0 ? 0 : bytes;
}

// Called, and returns, with the lock held. True where libvirt left all that was to be read: a
// thread is about to read it, and has not come to take the socket from the loop.
static bool handle_ready(int id, unsigned happened)
{
	struct entry *entry = find(id);
	int events = 0, fd, before;
	bool left;

	if (!entry || !entry->watched)
		return false;
	if (happened & EPOLLIN)
		events |= VIR_EVENT_HANDLE_READABLE;
	if (happened & EPOLLOUT)
		events |= VIR_EVENT_HANDLE_WRITABLE;
	if (happened & EPOLLERR)
		events |= VIR_EVENT_HANDLE_ERROR;
	if (happened & EPOLLHUP)
		events |= VIR_EVENT_HANDLE_HANGUP;
	pthread_mutex_unlock(&loop.lock);
	fd = entry->fd;
	before = waiting(fd);
	entry->ready(id, fd, events, entry->opaque);
	left = before && waiting(fd) == before;
	pthread_mutex_lock(&loop.lock);
	return left;
}

// Whether it is a timer that is on.
static bool is_on(const struct entry *entry)
{
	return entry->expired && !entry->removed && entry->frequency >= 0;
}

// Called, and returns, with the lock held.
static void handle_timers(void)
{
	long long now = clock_milliseconds();

	for (size_t i = 0; i < loop.count; i++) {
		struct entry *entry = loop.entries[i];

		if (!is_on(entry) || entry->due > now)
			continue;
		entry->due = now + (entry->frequency ? entry->frequency : 1);
		pthread_mutex_unlock(&loop.lock);
		entry->expired(entry->id, entry->opaque);
		pthread_mutex_lock(&loop.lock);
	}
}

// Milliseconds until the first timer is due, NEVER without one.
static int time_left(void)
{
	loop.until = LLONG_MAX;
	for (size_t i = 0; i < loop.count; i++)
		if (is_on(loop.entries[i]) && loop.entries[i]->due < loop.until)
			loop.until = loop.entries[i]->due;
	return loop.until == LLONG_MAX ? NEVER : clock_left(loop.until);
}

// Called, and returns, with the lock held. True as of handle_ready().
static bool handle(const struct epoll_event *happened)
{
	unsigned long long woken;

	if (happened->data.fd == SETTLE)
		settle();
	else if (happened->data.fd != WAKE)
		return handle_ready(happened->data.fd, happened->events);
	else if (read(loop.wake, &woken, sizeof(woken)) < 0)
		return false; // somebody was faster
	return false;
}

static void *run(void *data)
{
	struct epoll_event happened[AT_ONCE];

	(void)data;
	pthread_mutex_lock(&loop.lock);
	for (;;) {
		bool held_up = false;
		int left, count;

		release_removed();
		left = time_left();
		pthread_mutex_unlock(&loop.lock);
		count = epoll_wait(loop.epoll, happened, AT_ONCE, left);
		pthread_mutex_lock(&loop.lock);
		for (int i = 0; i < count; i++)
			held_up |= handle(&happened[i]);
		handle_timers();
		if (held_up) {
			pthread_mutex_unlock(&loop.lock);
			poll(NULL, 0, HELD_UP);
			pthread_mutex_lock(&loop.lock);
		}
	}
	return NULL;
}

static void start(void)
{
	struct epoll_event woken = {.events = EPOLLIN, .data.fd = WAKE};
	struct epoll_event settled = {.events = EPOLLIN, .data.fd = SETTLE};

	loop.failed = true;
	loop.epoll = epoll_create1(EPOLL_CLOEXEC);
	loop.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop.settle = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop.epoll < 0 || loop.wake < 0 || loop.settle < 0 ||
	    epoll_ctl(loop.epoll, EPOLL_CTL_ADD, loop.wake, &woken) < 0 ||
	    epoll_ctl(loop.epoll, EPOLL_CTL_ADD, loop.settle, &settled) < 0)
		return;
	virEventRegisterImpl(add_handle, update_handle, remove_entry, add_timeout, update_timeout,
			     remove_entry);
	loop.failed = false;
}

int events_start(struct error *err)
{
	pthread_once(&loop.once, start);
	return loop.failed ? error_set(err, STATUS_FAILED, "cannot start the event loop") : 0;
}
