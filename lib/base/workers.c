// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/exit.h"
#include "base/memory.h"
#include "base/thread.h"

enum { THREADS_MOST = 64, LANES_MOST = 256 };

// Shared by the caller and the threads: the last one to leave frees it.
struct pool {
	struct work work;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool *begun;
	size_t first;  // piece that may not have begun
	size_t left;   // pieces that have not begun
	size_t active; // threads
	bool stopped;
	int ended; // an eventfd, written by the last thread
	unsigned running[LANES_MOST];
	unsigned holders; // threads and the caller
};

static void release(struct pool *pool)
{
	bool last;

	pthread_mutex_lock(&pool->lock);
	last = --pool->holders == 0;
	pthread_mutex_unlock(&pool->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->changed);
	close(pool->ended);
	free(pool->begun);
	free(pool);
}

static unsigned *lane(struct pool *pool, size_t index)
{
	unsigned lane = pool->work.lane ? pool->work.lane(pool->work.data, index) : 0;

	return &pool->running[lane % LANES_MOST];
}

// The next piece whose lane has room; false when none is left. Called with the lock held.
static bool next_piece(struct pool *pool, size_t *index)
{
	while (pool->left && !pool->stopped) {
		while (pool->begun[pool->first])
			pool->first++;
		for (size_t i = pool->first; i < pool->work.count; i++) {
			if (pool->begun[i] || *lane(pool, i) >= pool->work.width)
				continue;
			pool->begun[i] = true;
			pool->left--;
			++*lane(pool, i);
			*index = i;
			return true;
		}
		pthread_cond_wait(&pool->changed, &pool->lock);
	}
	return false;
}

static void *run(void *data)
{
	struct pool *pool = data;
	size_t index;

	pthread_mutex_lock(&pool->lock);
	while (next_piece(pool, &index)) {
		pthread_mutex_unlock(&pool->lock);
		pool->work.run(pool->work.data, index);
		pthread_mutex_lock(&pool->lock);
		--*lane(pool, index);
		pthread_cond_broadcast(&pool->changed);
	}
	if (--pool->active == 0)
		while (write(pool->ended, &(unsigned long long){1}, sizeof(unsigned long long)) <
			       0 &&
		       errno == EINTR)
			continue;
	pthread_mutex_unlock(&pool->lock);
	release(pool);
	return NULL;
}

static size_t lanes(const struct work *work)
{
	bool seen[LANES_MOST] = {false};
	size_t count = 0;

	for (size_t i = 0; i < work->count; i++) {
		unsigned lane = work->lane ? work->lane(work->data, i) % LANES_MOST : 0;

		count += !seen[lane];
		seen[lane] = true;
	}
	return count;
}

static struct pool *pool_new(const struct work *work)
{
	struct pool *pool = memory_new(1, sizeof(*pool));

	pool->work = *work;
	pool->begun = memory_new(work->count, sizeof(*pool->begun));
	pool->left = work->count;
	pool->holders = 1;
	pool->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	return pool;
}

static void start_threads(struct pool *pool, size_t wanted)
{
	pthread_t thread;

	pthread_mutex_lock(&pool->lock);
	for (size_t i = 0; i < wanted; i++) {
		pool->active++;
		pool->holders++;
		if (thread_start(&thread, run, pool) == 0) {
			pthread_detach(thread);
			continue;
		}
		pool->active--;
		pool->holders--;
		break;
	}
	pthread_mutex_unlock(&pool->lock);
}

// Waits for the last thread; with a CANCEL that ends first it says so by false.
static bool wait_for_end(struct pool *pool, const struct cancel *cancel, int milliseconds)
{
	struct pollfd ended = {.fd = pool->ended, .events = POLLIN};

	if (milliseconds < 0)
		return cancel_poll(cancel, &ended, 1, -1) > 0;
	for (long long until = clock_milliseconds() + milliseconds;
	     !(ended.revents & POLLIN) && clock_left(until) > 0;)
		if (poll(&ended, 1, clock_left(until)) < 0 && errno != EINTR)
			break;
	return ended.revents & POLLIN;
}

bool workers_run(const struct work *work, const struct cancel *cancel, int grace)
{
	size_t wanted = lanes(work) * work->width;
	struct pool *pool;
	bool done;

	if (!work->count)
		return true;
	pool = pool_new(work);
	wanted = wanted < work->count ? wanted : work->count;
	start_threads(pool, wanted < THREADS_MOST ? wanted : THREADS_MOST);
	pthread_mutex_lock(&pool->lock);
	done = pool->active == 0;
	pthread_mutex_unlock(&pool->lock);
	if (done) { // no thread could be started, or they are through
		for (size_t i = 0; i < work->count; i++)
			if (!pool->begun[i])
				work->run(work->data, i);
	} else if (!(done = wait_for_end(pool, cancel, -1))) {
		pthread_mutex_lock(&pool->lock);
		pool->stopped = true;
		pthread_cond_broadcast(&pool->changed);
		pthread_mutex_unlock(&pool->lock);
		done = wait_for_end(pool, NULL, grace);
	}
	release(pool);
	if (!done)
		exit_at_once();
	return done;
}
