// SPDX-License-Identifier: GPL-3.0-or-later
#include <libvirt/virterror.h>
#include <stddef.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/call.h"
#include "output/progress.h"
#include "virt/event_queue.h"
#include "virt/failure.h"
#include "virt/job.h"
#include "virt/session.h"

// Milliseconds between looks; looks that find no job before its event counts as lost.
enum { INTERVAL = 500, LOOKS = 4 };

int block_wait_begin(struct call *call, virDomainPtr domain, struct block_wait *wait,
		     struct error *err)
{
	// By the path of the image and by the disk's target: the user may have typed either.
	static const char *const kinds[] = {"block-job", "block-job-2"};

	wait->queue = event_queue_new(err);
	for (size_t i = 0; wait->queue && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (event_queue_watch(wait->queue, session_connection(call), &domain_events,
				      event_kind_find(&domain_events, kinds[i]), domain, err) < 0)
			return -1;
	return wait->queue ? 0 : -1;
}

void block_wait_clear(struct block_wait *wait)
{
	event_queue_free(wait->queue);
	wait->queue = NULL;
}

// Whether EVENT tells the end of the job on the disk.
static bool tells(const struct block_wait *wait, const struct event *event, enum block_end *end)
{
	static const char *const ends[] = {"completed", "ready", "failed", "canceled"};
	const char *status = json_get_text(event->facts, "status");

	if (!text_equal(json_get_text(event->facts, "disk"), wait->disk))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (!text_equal(status, ends[i]))
			continue;
		*end = (enum block_end)i;
		return true;
	}
	return false;
}

// Aborts the job. The event that tells so may still come; nobody waits for it.
static int abort_it(virDomainPtr domain, const struct block_wait *wait, enum block_end *end,
		    struct error *err)
{
	unsigned flags = wait->async ? VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC : 0;

	if (virDomainBlockJobAbort(domain, wait->disk, flags) < 0)
		return virt_failure(err, "failed to abort job for disk '%s'", wait->disk);
	*end = BLOCK_CANCELED;
	return 0;
}

// Draws the bar. 1 while there is a job, 0 once there is none.
static int look(virDomainPtr domain, const struct block_wait *wait, struct progress *progress,
		bool *whole, struct error *err)
{
	virDomainBlockJobInfo info = {0};
	int there = virDomainGetBlockJobInfo(domain, wait->disk, &info, 0);

	if (there < 0)
		return virt_failure(err, "failed to query job for disk %s", wait->disk);
	if (there == 0)
		return 0;
	*whole = info.end > 0 && info.cur == info.end;
	if (progress && info.end) {
		progress_total(progress, info.end);
		progress_bytes(progress, info.cur);
	}
	return 1;
}

static int attend(struct call *call, virDomainPtr domain, const struct block_wait *wait,
		  struct progress *progress, enum block_end *end, struct error *err)
{
	long long deadline = wait->timeout ? clock_milliseconds() + wait->timeout : 0;
	bool whole = false;
	int gone = 0;

	for (;;) {
		auto_event struct event *event = NULL;
		auto_error struct error stopped = {0};
		int left = clock_left(deadline), got;

		got = event_queue_next(wait->queue, call->cancel,
				       left >= 0 && left < INTERVAL ? left : INTERVAL, &event,
				       &stopped);
		if (got > 0 && tells(wait, event, end))
			return 0;
		if (got > 0)
			continue;
		if (got < 0 && stopped.status == STATUS_CONNECTION)
			return error_move(err, &stopped);
		if (got < 0 || (deadline && clock_left(deadline) == 0))
			return abort_it(domain, wait, end, err);
		switch (look(domain, wait, progress, &whole, err)) {
		case -1:
			return -1;
		case 0:
			// Its event has got lost, or the job ended before anybody watched.
			if (++gone < LOOKS)
				continue;
			*end = whole ? BLOCK_COMPLETED : BLOCK_FAILED;
			return 0;
		default:
			gone = 0;
		}
	}
}

int block_wait_end(struct call *call, virDomainPtr domain, struct block_wait *wait,
		   enum block_end *end, struct error *err)
{
	auto_progress struct progress *progress =
		wait->verbose ? progress_new(call->context->errors, wait->label, 0) : NULL;
	int failed;

	interrupt_hold();
	failed = attend(call, domain, wait, progress, end, err);
	interrupt_let();
	return failed;
}
