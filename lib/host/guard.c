// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/guard.h"

#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"

enum {
	STACK = 1024 * 1024,
	FIRST_PATIENCE = 1000, // milliseconds for a look
	LATER_PATIENCE = 200,  // once one has not come back
	SLICE = 20,            // milliseconds between two glances
	REAP = 100,            // milliseconds that a killed process has to go
};

struct work {
	void (*run)(void *data);
	void *data;
	sem_t done;
};

void guard_begin(struct guard *guard, const char *path)
{
	if (!guard)
		return;
	atomic_fetch_add(&guard->looks, 1);
	atomic_store(&guard->path, path);
}

void guard_end(struct guard *guard)
{
	if (guard)
		atomic_store(&guard->path, NULL);
}

// Whoever waits for the end of our output must not wait for what is left behind.
static void let_go_of_output(void)
{
	int nothing = memfd_create("kvm-check", MFD_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (nothing < 0 || dup2(nothing, fd) < 0)
			close(fd);
	if (nothing > STDERR_FILENO)
		close(nothing);
}

static int work_run(void *data)
{
	struct work *work = data;

	let_go_of_output();
	work->run(work->data);
	sem_post(&work->done);
	return 0;
}

static bool wait_slice(sem_t *done)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += SLICE * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return sem_timedwait(done, &until) == 0;
}

static void end_it(pid_t process)
{
	long long deadline = clock_milliseconds() + REAP;

	kill(process, SIGKILL);
	while (waitpid(process, NULL, WNOHANG) == 0 && clock_left(deadline) > 0)
		usleep(1000);
}

// Whether it stands in the kernel and cannot be woken: outside of our looks, starting a program
// from a file system that is away does that.
static bool is_stuck(pid_t process)
{
	return process_state(process) == 'D';
}

// True when the work is done, false when a look did not come back.
static bool observe(struct guard *guard, struct work *work, pid_t process)
{
	long long patience = guard->lost ? LATER_PATIENCE : FIRST_PATIENCE;
	long long since = clock_milliseconds();
	unsigned long looks = 0;

	while (!wait_slice(&work->done)) {
		unsigned long now = atomic_load(&guard->looks);

		if (waitpid(process, NULL, WNOHANG) == process)
			return sem_trywait(&work->done) == 0;
		if (now != looks || (!atomic_load(&guard->path) && !is_stuck(process))) {
			looks = now;
			since = clock_milliseconds();
		} else if (clock_milliseconds() - since >= patience) {
			guard->lost += clock_milliseconds() - since;
			return false;
		}
	}
	waitpid(process, NULL, 0);
	return true;
}

// MAP_FAILED where there is no memory for it.
static char *take_stack(struct guard *guard)
{
	char *stack = guard->stack;

	guard->stack = NULL;
	return stack ? stack
		     : mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
}

int guard_run(struct guard *guard, void (*run)(void *data), void *data)
{
	struct work work = {.run = run, .data = data};
	char *stack = take_stack(guard);
	pid_t process = -1;

	if (stack != MAP_FAILED && sem_init(&work.done, 0, 0) == 0)
		process = clone(work_run, stack + STACK, CLONE_VM | SIGCHLD, &work);
	if (process < 0) { // then as well as it goes
		run(data);
		return 0;
	}
	if (observe(guard, &work, process)) {
		guard->stack = stack;
		return 0;
	}
	end_it(process);
	// Its stack stays: it may still stand there, waiting to die.
	free(guard->stuck);
	guard->stuck = text_copy(atomic_load(&guard->path));
	if (!guard->stuck)
		guard->stuck = text_copy("a program that was started");
	atomic_store(&guard->path, NULL);
	return -1;
}

struct attempt {
	int (*run)(void *data, struct error *err);
	void *data;
	struct error *err;
	int status;
};

static void run_attempt(void *data)
{
	struct attempt *attempt = data;

	attempt->status = attempt->run(attempt->data, attempt->err);
}

int guard_try(struct guard *guard, int (*run)(void *data, struct error *err), void *data,
	      struct error *err)
{
	struct attempt attempt = {.run = run, .data = data, .err = err};

	if (!guard)
		return run(data, err);
	if (guard_run(guard, run_attempt, &attempt) < 0)
		return error_set(err, STATUS_TIMEOUT, "%s does not answer", guard->stuck);
	return attempt.status;
}

void guard_clear(struct guard *guard)
{
	if (guard->stack)
		munmap(guard->stack, STACK);
	guard->stack = NULL;
	free(guard->stuck);
	guard->stuck = NULL;
}
