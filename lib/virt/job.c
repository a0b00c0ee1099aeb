// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/job.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/task.h"
#include "cli/call.h"
#include "output/progress.h"
#include "virt/failure.h"

// Milliseconds between looks, and for an aborted operation to end.
enum { INTERVAL = 500, GRACE = 20000 };

struct worker {
	struct job job;
	virDomainPtr domain;
	int result;
	struct error err;
};

static void worker_free(void *data)
{
	struct worker *worker = data;

	if (worker->job.release)
		worker->job.release(worker->job.data);
	virDomainFree(worker->domain);
	error_clear(&worker->err);
	free(worker);
}

static void work(void *data)
{
	struct worker *worker = data;

	worker->result = worker->job.work(worker->job.data, &worker->err);
}

// What is asked of the daemon meanwhile: it may not answer either. libvirt 9's client even leaves
// one of two calls waiting for ever when it gives a silent connection up.
struct question {
	virDomainPtr domain;
	virDomainJobInfo info;
	bool known;
};

static void question_free(void *data)
{
	struct question *question = data;

	virDomainFree(question->domain);
	free(question);
}

static struct question *question_new(virDomainPtr domain)
{
	struct question *question = memory_new(1, sizeof(*question));

	question->domain = domain;
	virDomainRef(domain);
	return question;
}

static void ask_info(void *data)
{
	struct question *question = data;

	// Before it begins and after it ended there is no job; that is no error.
	question->known = virDomainGetJobInfo(question->domain, &question->info) == 0;
	virResetLastError();
}

static void ask_abort(void *data)
{
	struct question *question = data;

	virDomainAbortJob(question->domain);
	virResetLastError();
}

static int show(struct call *call, struct worker *worker, struct progress *progress,
		int milliseconds, struct error *err)
{
	struct question *question;
	auto_task struct task *task = NULL;

	if (!progress)
		return 0;
	question = question_new(worker->domain);
	task = task_start(ask_info, question, question_free, err);
	if (!task)
		return -1;
	if (task_wait(task, call->cancel, milliseconds) <= 0) {
		call->context->left_behind = true;
		return 0;
	}
	if (!question->known || (question->info.type != VIR_DOMAIN_JOB_BOUNDED &&
				 question->info.type != VIR_DOMAIN_JOB_UNBOUNDED))
		return 0;
	progress_total(progress, question->info.dataTotal);
	if (question->info.dataTotal)
		progress_bytes(progress, question->info.dataTotal - question->info.dataRemaining);
	return 0;
}

// Aborts the operation and gives it time to end: false where it does not.
static bool end_it(struct task *task, const struct worker *worker)
{
	auto_error struct error ignored = {0};
	struct task *aborting =
		task_start(ask_abort, question_new(worker->domain), question_free, &ignored);
	bool over = task_outwait(task, GRACE);

	task_free(aborting);
	return over;
}

// What is said of an operation that was ended, whatever it says of itself.
static int ended(struct call *call, struct task *task, const struct worker *worker, bool late,
		 struct error *err)
{
	const char *name = virDomainGetName(worker->domain);
	bool over = end_it(task, worker);

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
			  "it may go on: $vmctl domjobinfo -- '%s' shows its progress, $vmctl "
			  "domjobabort -- '%s' ends it",
			  name, name);
}

static int attend(struct call *call, struct task *task, struct worker *worker,
		  struct progress *progress, struct error *err)
{
	const struct job *job = &worker->job;
	long long end = job->timeout ? clock_milliseconds() + job->timeout : 0;
	auto_error struct error stopped = {0};

	for (;;) {
		int left = clock_left(end);
		int interval = left >= 0 && left < INTERVAL ? left : INTERVAL;

		if (task_wait(task, call->cancel, interval) > 0)
			break;
		if (cancel_check(call->cancel, &stopped) < 0)
			return ended(call, task, worker, false, err);
		if (end && clock_left(end) == 0) {
			if (!job->late)
				return ended(call, task, worker, true, err);
			job->late(call, job->data);
			end = 0;
		}
		if (show(call, worker, progress, clock_left(end), err) < 0)
			return -1;
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
	auto_task struct task *task = NULL;
	int failed;

	*worker = (struct worker){.job = *job, .domain = domain};
	virDomainRef(domain);
	task = task_start(work, worker, worker_free, err);
	if (!task)
		return error_wrap(err, "cannot wait for '%s'", job->label);
	interrupt_hold();
	failed = attend(call, task, worker, progress, err);
	interrupt_let();
	if (job->verbose && !progress && !failed)
		progress_done(call->context->errors, job->label);
	return failed;
}
