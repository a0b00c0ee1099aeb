// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/task.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/exit.h"
#include "base/memory.h"
#include "base/thread.h"

struct task {
	atomic_int owners; // the one who waits, and the thread
	void (*run)(void *data);
	void *data;
	void (*release)(void *data);
	int done; // an eventfd
	atomic_bool over;
	pthread_t thread;
};

static void drop(struct task *task)
{
	if (atomic_fetch_sub(&task->owners, 1) > 1)
		return;
	task->release(task->data);
	if (task->done >= 0)
		close(task->done);
	free(task);
}

static void *work(void *data)
{
	struct task *task = data;

	task->run(task->data);
	atomic_store(&task->over, true);
	eventfd_write(task->done, 1);
	drop(task);
	return NULL;
}

struct task *task_start(void (*run)(void *data), void *data, void (*release)(void *data),
			struct error *err)
{
	struct task *task = memory_new(1, sizeof(*task));
	int failed;

	*task = (struct task){.owners = 2, .run = run, .data = data, .release = release};
	task->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	failed = task->done < 0 ? errno : thread_start(&task->thread, work, task);
	if (!failed)
		return task;
	error_set_errno(err, failed, "cannot start a thread");
	task->owners = 1; // there is none
	drop(task);
	return NULL;
}

int task_wait(struct task *task, const struct cancel *cancel, int milliseconds)
{
	struct pollfd done = {.fd = task->done, .events = POLLIN};
	int ready = cancel_poll(cancel, &done, 1, milliseconds);

	return ready < 0 ? -1 : atomic_load(&task->over);
}

bool task_outwait(struct task *task, int milliseconds)
{
	struct pollfd done = {.fd = task->done, .events = POLLIN};
	long long end = clock_milliseconds() + milliseconds;

	while (poll(&done, 1, clock_left(end)) < 0 && errno == EINTR)
		continue;
	return atomic_load(&task->over);
}

void task_free(struct task *task)
{
	if (!task)
		return;
	// What libraries keep for a thread is freed as it ends, which is now.
	if (atomic_load(&task->over)) {
		pthread_join(task->thread, NULL);
	} else {
		pthread_detach(task->thread);
		exit_at_once();
	}
	drop(task);
}

void task_cleanup(struct task **task)
{
	task_free(*task);
}
