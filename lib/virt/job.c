// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/job.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "cli/call.h"
#include "output/progress.h"
#include "virt/failure.h"

// Milliseconds between looks, and for an aborted operation to end.
enum { INTERVAL = 500, GRACE = 20000 };

struct worker {
	atomic_int owners; // the one who waits, and the thread
	struct job job;
	virDomainPtr domain;
	int done;         // an eventfd
	atomic_bool over; // what follows is the waiting one's
	int result;
	struct error err;
};

static void drop(struct worker *worker)
{
	if (atomic_fetch_sub(&worker->owners, 1) > 1)
		return;
	if (worker->job.release)
		worker->job.release(worker->job.data);
	virDomainFree(worker->domain);
	close(worker->done);
	error_clear(&worker->err);
	free(worker);
}

static void *work(void *data)
{
	struct worker *worker = data;

	worker->result = worker->job.work(worker->job.data, &worker->err);
	atomic_store(&worker->over, true);
	eventfd_write(worker->done, 1);
	drop(worker);
	return NULL;
}

static void show(struct worker *worker, struct progress *progress)
{
	virDomainJobInfo info;

	if (!progress)
		return;
	// Before it begins and after it ended there is no job; that is no error.
	if (virDomainGetJobInfo(worker->domain, &info) < 0) {
		virResetLastError();
		return;
	}
	if (info.type != VIR_DOMAIN_JOB_BOUNDED && info.type != VIR_DOMAIN_JOB_UNBOUNDED)
		return;
	progress_total(progress, info.dataTotal);
	if (info.dataTotal)
		progress_bytes(progress, info.dataTotal - info.dataRemaining);
}

// Whether the thread is done, after at most so many MILLISECONDS, or when CANCEL ended it.
static bool wait_a_while(struct worker *worker, const struct cancel *cancel, int milliseconds)
{
	struct pollfd poll = {.fd = worker->done, .events = POLLIN};

	return cancel_poll(cancel, &poll, 1, milliseconds) > 0 && atomic_load(&worker->over);
}

// Aborts the operation and gives it time to end: false where it does not.
static bool end_it(struct worker *worker)
{
	// A plain poll(): the signal that brought us here must not end this wait too.
	struct pollfd done = {.fd = worker->done, .events = POLLIN};
	long long end = clock_milliseconds() + GRACE;

	if (virDomainAbortJob(worker->domain) < 0)
		virResetLastError();
	while (poll(&done, 1, clock_left(end)) < 0 && errno == EINTR)
		continue;
	return atomic_load(&worker->over);
}

// What is said of an operation that was ended, whatever it says of itself.
static int ended(struct call *call, struct worker *worker, bool late, struct error *err)
{
	bool over = end_it(worker);

	// It may have been done just before.
	if (over && worker->result == 0)
		return 0;
	if (late)
		error_set(err, STATUS_TIMEOUT, "%s: timed out", worker->job.label);
	else
		cancel_check(call->cancel, err);
	if (over)
		return -1;
	call->context->left_behind = true;
	return error_hint(err,
			  "it goes on: $vmctl domjobinfo shows its progress, $vmctl domjobabort "
			  "ends it");
}

static int attend(struct call *call, struct worker *worker, struct progress *progress,
		  struct error *err)
{
	const struct job *job = &worker->job;
	long long end = job->timeout ? clock_milliseconds() + job->timeout : 0;
	auto_error struct error stopped = {0};

	for (;;) {
		int left = clock_left(end);
		int interval = left >= 0 && left < INTERVAL ? left : INTERVAL;

		if (wait_a_while(worker, call->cancel, interval))
			break;
		if (cancel_check(call->cancel, &stopped) < 0)
			return ended(call, worker, false, err);
		if (end && clock_left(end) == 0) {
			if (!job->late)
				return ended(call, worker, true, err);
			job->late(call, job->data);
			end = 0;
		}
		show(worker, progress);
		if (job->look)
			job->look(call, job->data);
	}
	return worker->result < 0 ? error_move(err, &worker->err) : 0;
}

int job_run(struct call *call, virDomainPtr domain, const struct job *job, struct error *err)
{
	struct worker *worker = memory_new(1, sizeof(*worker));
	auto_progress struct progress *progress =
		job->verbose ? progress_new(call->context->errors, job->label, 0) : NULL;
	pthread_t thread = 0;
	int failed;

	*worker = (struct worker){.owners = 2, .job = *job, .domain = domain};
	virDomainRef(domain);
	worker->done = eventfd(0, EFD_CLOEXEC);
	failed = worker->done < 0 ? errno : pthread_create(&thread, NULL, work, worker);
	if (failed) {
		error_set_errno(err, failed, "cannot wait for '%s'", job->label);
		worker->owners = 1; // no thread has it
		drop(worker);
		return -1;
	}
	interrupt_hold();
	failed = attend(call, worker, progress, err);
	interrupt_let();
	// Its hold on the domain, and so on the connection, ends with it.
	if (call->context->left_behind)
		pthread_detach(thread);
	else
		pthread_join(thread, NULL);
	if (job->verbose && !progress && !failed)
		progress_done(call->context->errors, job->label);
	drop(worker);
	return failed;
}
