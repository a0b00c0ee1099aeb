// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"

enum { POLLS_MOST = 8, DEPTH_MOST = 4 };

void cancel_begin(struct cancel *cancel, const struct cancel *parent)
{
	*cancel = (struct cancel){.parent = parent, .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
}

void cancel_end(struct cancel *cancel)
{
	if (cancel->fd > 0)
		close(cancel->fd);
	cancel->fd = 0;
}

void cancel_fire(struct cancel *cancel, int status)
{
	int none = 0;
	ssize_t written;

	if (!atomic_compare_exchange_strong(&cancel->status, &none, status))
		return;
	do
		written = write(cancel->fd, &(unsigned long long){1}, sizeof(unsigned long long));
	while (written < 0 && errno == EINTR);
}

void cancel_after(struct cancel *cancel, long long milliseconds)
{
	cancel->deadline = milliseconds ? clock_milliseconds() + milliseconds : 0;
}

int cancel_check(const struct cancel *cancel, struct error *err)
{
	if (interrupt_check(err) < 0)
		return -1;
	for (; cancel; cancel = cancel->parent) {
		int status = atomic_load(&cancel->status);

		if (status)
			return error_set(err, (enum status)status, "ended before it was done");
		if (cancel->deadline && clock_milliseconds() >= cancel->deadline)
			return error_set(err, STATUS_TIMEOUT, "timed out");
	}
	return 0;
}

int cancel_left(const struct cancel *cancel, int most)
{
	long long left = most;

	for (; cancel; cancel = cancel->parent) {
		long long own = cancel->deadline - clock_milliseconds();

		if (!cancel->deadline)
			continue;
		own = own < 0 ? 0 : own;
		left = left < 0 || own < left ? own : left;
	}
	return (int)left;
}

int cancel_poll(const struct cancel *cancel, struct pollfd *polls, nfds_t count, int milliseconds)
{
	struct pollfd all[POLLS_MOST + DEPTH_MOST];
	auto_error struct error ended = {0};
	nfds_t total = count;
	int ready;

	assert(count <= POLLS_MOST);
	if (cancel_check(cancel, &ended) < 0)
		return -1;
	if (count)
		memcpy(all, polls, count * sizeof(*polls));
	for (const struct cancel *c = cancel; c && total < count + DEPTH_MOST; c = c->parent)
		all[total++] = (struct pollfd){.fd = c->fd, .events = POLLIN};
	ready = interrupt_poll(all, total, cancel_left(cancel, milliseconds));
	if (cancel_check(cancel, &ended) < 0)
		return -1;
	if (ready <= 0)
		return 0;
	ready = 0;
	for (nfds_t i = 0; i < count; i++) {
		polls[i].revents = all[i].revents;
		ready += polls[i].revents != 0;
	}
	return ready;
}
