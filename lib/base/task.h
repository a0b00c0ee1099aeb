// SPDX-License-Identifier: GPL-3.0-or-later
// One call that may block for ever, in a thread of its own: waited for, and given up where it does
// not end.
#pragma once

#include <stdbool.h>

struct cancel;
struct error;

struct task;

// Runs RUN with DATA, which is on the heap: RELEASE frees it when neither the thread nor the caller
// has the task any more. The thread gets no signals. NULL with an error, and DATA is released.
struct task *task_start(void (*run)(void *data), void *data, void (*release)(void *data),
			struct error *err);

// Waits for its end for MILLISECONDS (-1: without a bound), or until CANCEL ends: 1 when it has
// ended, and what it left in its data is the caller's to read; 0 not yet; -1 where CANCEL came
// first.
int task_wait(struct task *task, const struct cancel *cancel, int milliseconds);

// The same, whatever signal comes or has come: whether it has ended.
bool task_outwait(struct task *task, int milliseconds);

// A task that has not ended is left behind: it goes on, and the process ends without waiting for
// it (base/exit.h).
void task_free(struct task *task);
void task_cleanup(struct task **task);
#define auto_task __attribute__((cleanup(task_cleanup)))
