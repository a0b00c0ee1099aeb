// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/block_operation.h"

#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/job.h"
#include "virt/kinds.h"

static bool any_given(const struct call *call, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		if (argument_given(call, names[i]))
			return true;
	return false;
}

// MiB a second, or with --bytes a size.
int block_bandwidth(const struct call *call, unsigned long *bandwidth, struct error *err)
{
	const char *typed = argument_text(call, "bandwidth");
	unsigned long long bytes = 0;
	long long mib = 0;

	*bandwidth = 0;
	if (!typed)
		return 0;
	if (argument_flag(call, "bytes")) {
		if (size_parse(typed, (struct size_format){.unit = 1, .most = ULONG_MAX}, &bytes,
			       err) < 0)
			return error_wrap(err, "--bandwidth");
		*bandwidth = (unsigned long)bytes;
		return 0;
	}
	if (number_parse(typed, 0, LONG_MAX, &mib, err) < 0)
		return error_wrap(err, "--bandwidth");
	*bandwidth = (unsigned long)mib;
	return 0;
}

static void report_job(struct call *call, const char *disk, const char *state, const char *sentence)
{
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "disk", value_text(disk));
	report_value(call->report, "state", value_text(state));
	report_heading(call->report, "%s", sentence);
}

// A mirror that is in step.
static int conclude(struct call *call, virDomainPtr domain, const struct operation *operation,
		    const struct block_wait *wait, struct error *err)
{
	unsigned flags = wait->async ? VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC : 0;

	if (argument_flag(call, "pivot")) {
		if (virDomainBlockJobAbort(domain, wait->disk,
					   flags | VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT) < 0)
			return virt_failure(err, "failed to pivot job for disk %s", wait->disk);
		report_job(call, wait->disk, "pivoted", "\nSuccessfully pivoted");
	} else if (argument_flag(call, operation->kept)) {
		if (virDomainBlockJobAbort(domain, wait->disk, flags) < 0)
			return virt_failure(err, "failed to finish job for disk %s", wait->disk);
		report_job(call, wait->disk, "finished", operation->kept_done);
	} else {
		report_job(call, wait->disk, "ready", operation->in_step);
	}
	return 0;
}

static int unfinished(const struct operation *operation, const struct block_wait *wait,
		      enum block_end end, struct error *err)
{
	enum status status = STATUS_FAILED;
	auto_error struct error signal = {0};

	if (end == BLOCK_CANCELED && wait->timeout)
		status = STATUS_TIMEOUT;
	if (interrupt_check(&signal) < 0)
		status = signal.status;
	return error_set(err, status, "%s %s, disk %s is as it was", operation->name,
			 end == BLOCK_FAILED ? "failed" : "aborted", wait->disk);
}

int block_operate(struct call *call, const struct operation *operation, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_block_wait struct block_wait wait = {.disk = argument_text(call, "path"),
						  .label = operation->label,
						  .verbose = argument_flag(call, "verbose"),
						  .async = argument_flag(call, "async"),
						  .timeout =
							  argument_integer(call, "timeout") * 1000};
	bool waits = any_given(call, operation->waits);
	unsigned long bandwidth;
	enum block_end end;

	if (block_bandwidth(call, &bandwidth, err) < 0 ||
	    (waits && block_wait_begin(call, domain, &wait, err) < 0))
		return -1;
	if (operation->begin(call, wait.disk, bandwidth, err) < 0)
		return -1;
	if (!waits) {
		report_job(call, wait.disk, "started", operation->started);
		return 0;
	}
	if (block_wait_end(call, domain, &wait, &end, err) < 0)
		return -1;
	if (end == BLOCK_FAILED || end == BLOCK_CANCELED)
		return unfinished(operation, &wait, end, err);
	if (!operation->completed)
		return conclude(call, domain, operation, &wait, err);
	report_job(call, wait.disk, "completed", operation->completed);
	return 0;
}

const struct field block_results[] = {
	NAME_FIELD,
	FIELD("disk", NULL, FIELD_TEXT, 0, "the disk, as it was called"),
	FIELD("state", NULL, FIELD_TEXT, 0,
	      "of the job: started, completed, ready, pivoted or finished"),
	FIELDS_END,
};
