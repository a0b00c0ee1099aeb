// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"

void cancel_begin(struct cancel *cancel, const struct cancel *parent)
{
	*cancel = (struct cancel){.parent = parent};
}

void cancel_after(struct cancel *cancel, long long milliseconds)
{
	cancel->deadline = milliseconds ? clock_milliseconds() + milliseconds : 0;
}

int cancel_check(const struct cancel *cancel, struct error *err)
{
	if (interrupt_check(err) < 0)
		return -1;
	for (; cancel; cancel = cancel->parent)
		if (cancel->deadline && clock_milliseconds() >= cancel->deadline)
			return error_set(err, STATUS_TIMEOUT, "timed out");
	return 0;
}

// Milliseconds until the nearest deadline: at most MOST (-1: no bound of one's own), -1 for ever.
static int left_of(const struct cancel *cancel, int most)
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
	auto_error struct error ended = {0};
	int ready;

	if (cancel_check(cancel, &ended) < 0)
		return -1;
	ready = interrupt_poll(polls, count, left_of(cancel, milliseconds));
	if (cancel_check(cancel, &ended) < 0)
		return -1;
	return ready > 0 ? ready : 0;
}
