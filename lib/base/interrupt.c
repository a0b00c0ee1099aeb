// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

enum { POLLS_MOST = 16 };

// A signal handler reaches nothing but static storage; any thread asks.
static atomic_int caught;
static atomic_bool ends;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler cannot wait for a lock");
// An eventfd that is readable while `caught` is not 0: it wakes the threads that a signal does not
// reach.
static int wakes = -1;

static void wake(void)
{
	int before = errno;
	ssize_t ignored = write(wakes, &(unsigned long long){1}, sizeof(unsigned long long));

	(void)ignored;
	errno = before;
}

static void catch (int signal)
{
	caught = signal;
	ends = true;
	wake();
}

void interrupt_catch_one(int signal)
{
	struct sigaction action = {.sa_handler = catch};

	if (wakes < 0)
		wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	// Without SA_RESTART: what waits in poll() or read() returns with EINTR and asks.
	sigaction(signal, &action, NULL);
}

void interrupt_catch(void)
{
	interrupt_catch_one(SIGINT);
	interrupt_catch_one(SIGTERM);
	interrupt_catch_one(SIGHUP);
}

static const int held[] = {SIGINT, SIGTERM, SIGHUP};
enum { HELD = sizeof(held) / sizeof(*held) };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before[HELD];
static unsigned holders;

void interrupt_hold(void)
{
	pthread_mutex_lock(&lock);
	for (int i = 0; i < HELD && !holders; i++) {
		sigaction(held[i], NULL, &before[i]);
		interrupt_catch_one(held[i]);
	}
	holders++;
	pthread_mutex_unlock(&lock);
}

void interrupt_let(void)
{
	pthread_mutex_lock(&lock);
	holders--;
	for (int i = 0; i < HELD && !holders; i++)
		sigaction(held[i], &before[i], NULL);
	pthread_mutex_unlock(&lock);
}

int interrupt_check(struct error *err)
{
	int signal = caught;

	return signal ? error_set(err, STATUS_SIGNAL + signal, "interrupted") : 0;
}

int interrupt_poll(struct pollfd *polls, nfds_t count, int milliseconds)
{
	struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
	struct pollfd all[POLLS_MOST + 1];
	sigset_t signals, mask;
	int ready = -1;

	assert(count <= POLLS_MOST);
	if (count)
		memcpy(all, polls, count * sizeof(*polls));
	all[count] = (struct pollfd){.fd = wakes, .events = POLLIN};

	// Blocked until ppoll() waits: between a look at `caught` and the wait none gets lost.
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, &mask);
	errno = EINTR;
	if (!caught)
		ready = ppoll(all, count + 1, milliseconds < 0 ? NULL : &timeout, &mask);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	if (count)
		memcpy(polls, all, count * sizeof(*polls));
	if (ready > 0 && all[count].revents) {
		errno = EINTR;
		return -1;
	}
	return ready;
}

int interrupt_signal(void)
{
	return caught;
}

bool interrupt_ends_process(void)
{
	return ends;
}

void interrupt_set(int signal)
{
	unsigned long long ignored;

	caught = signal;
	ends = false;
	if (signal)
		wake();
	else
		while (read(wakes, &ignored, sizeof(ignored)) > 0)
			continue;
}
