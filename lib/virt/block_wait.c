// SPDX-License-Identifier: GPL-3.0-or-later
#include <libvirt/virterror.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/task.h"
#include "base/text.h"
#include "cli/call.h"
#include "output/progress.h"
#include "virt/event_queue.h"
#include "virt/failure.h"
#include "virt/job.h"
#include "virt/kinds.h"
#include "virt/session.h"

// Milliseconds between looks, and for an aborted job to end; looks that find no job before its
// event counts as lost.
enum { INTERVAL = 500, GRACE = 20000, LOOKS = 4 };

// What is asked of a guest whose QEMU may not answer.
struct request {
	virDomainPtr domain;
	char *disk;
	bool aborts;
	unsigned flags;
	virDomainBlockJobInfo info;
	int result;
	struct error err;
};

static void request_free(void *data)
{
	struct request *request = data;

	virDomainFree(request->domain);
	free(request->disk);
	error_clear(&request->err);
	free(request);
}

static void put(void *data)
{
	struct request *request = data;

	request->result = request->aborts ? virDomainBlockJobAbort(request->domain, request->disk,
								   request->flags)
					  : virDomainGetBlockJobInfo(request->domain, request->disk,
								     &request->info, 0);
	if (request->result < 0)
		virt_failure(&request->err, "failed to %s job for disk %s",
			     request->aborts ? "abort" : "query", request->disk);
}

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

static struct request *request_new(virDomainPtr domain, const struct block_wait *wait, bool aborts)
{
	struct request *request = memory_new(1, sizeof(*request));

	request->domain = domain;
	virDomainRef(domain);
	request->disk = text_copy(wait->disk);
	request->aborts = aborts;
	request->flags = wait->async ? VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC : 0;
	return request;
}

// Aborts the job. The event that tells so may still come; nobody waits for it.
static int abort_it(struct call *call, virDomainPtr domain, const struct block_wait *wait,
		    enum block_end *end, struct error *err)
{
	struct request *request = request_new(domain, wait, true);
	auto_task struct task *task = task_start(put, request, request_free, err);

	if (!task)
		return -1;
	*end = BLOCK_CANCELED;
	if (task_outwait(task, GRACE))
		return request->result < 0 ? error_move(err, &request->err) : 0;
	call->context->left_behind = true;
	error_set(err, STATUS_TIMEOUT, "the job for disk %s does not end", wait->disk);
	return error_hint(err, "$vmctl blockjob -- '%s' '%s' shows whether it goes on",
			  call_name(call), wait->disk);
}

// Draws the bar. 1 while there is a job, or where nothing is known so soon; 0 once there is none.
static int look(struct call *call, virDomainPtr domain, const struct block_wait *wait,
		struct progress *progress, int milliseconds, bool *whole, struct error *err)
{
	struct request *request = request_new(domain, wait, false);
	auto_task struct task *task = task_start(put, request, request_free, err);
	const virDomainBlockJobInfo *info = &request->info;

	if (!task)
		return -1;
	if (task_wait(task, call->cancel, milliseconds) <= 0) {
		call->context->left_behind = true;
		return 1;
	}
	if (request->result < 0)
		return error_move(err, &request->err);
	if (request->result == 0)
		return 0;
	*whole = info->end > 0 && info->cur == info->end;
	if (progress && info->end) {
		progress_total(progress, info->end);
		progress_bytes(progress, info->cur);
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
			return abort_it(call, domain, wait, end, err);
		switch (look(call, domain, wait, progress, clock_left(deadline), &whole, err)) {
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
