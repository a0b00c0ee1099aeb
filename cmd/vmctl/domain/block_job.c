// SPDX-License-Identifier: GPL-3.0-or-later
// What a job on a running guest's disk is doing; and the disk's size.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/error.h"
#include "base/number.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/block_operation.h"
#include "cmd/vmctl/groups.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/words.h"

static void show_job(struct call *call, const virDomainBlockJobInfo *info, bool raw, bool bytes)
{
	struct report *report = call->report;
	unsigned long long limit = info->bandwidth;
	double percent = info->end ? 100.0 * (double)info->cur / (double)info->end : 0;
	const char *unit;
	double scaled;

	if (!bytes)
		limit <<= 20;
	report_value(report, "type", value_text(word_block_job(info->type)));
	report_value(report, "bandwidth", limit ? value_unsigned(limit) : value_absent());
	report_value(report, "done", value_unsigned(info->cur));
	report_value(report, "total", value_unsigned(info->end));
	if (raw) {
		report_heading(report, " type=%s\n bandwidth=%lu\n cur=%llu\n end=%llu\n",
			       word_block_job(info->type), info->bandwidth, info->cur, info->end);
		return;
	}
	// As virsh does: how far it is on standard error, so that no script reads it.
	call_note(call, "%s: [%3d %%]", word_block_job(info->type),
		  info->cur == info->end ? 100
		  : percent >= 99        ? 99
					 : (int)percent);
	if (limit) {
		scaled = size_scale(limit, &unit);
		report_heading(report, "    Bandwidth limit: %llu bytes/s (%-.3f %s/s)", limit,
			       scaled, unit);
	}
	report_heading(report, "\n");
}

static int query(struct call *call, const char *disk, struct error *err)
{
	bool raw = argument_flag(call, "raw"), bytes = argument_flag(call, "bytes") || !raw;
	virDomainBlockJobInfo info = {0};
	int there = virDomainGetBlockJobInfo(call_domain(call), disk, &info,
					     bytes ? VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES : 0);

	if (there < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "disk", value_text(disk));
	report_value(call->report, "active", value_boolean(there > 0));
	if (there > 0)
		show_job(call, &info, raw, bytes);
	else if (!raw)
		report_heading(call->report, "No current block job for %s", disk);
	return 0;
}

static int blockjob(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *disk = argument_text(call, "path");
	bool ends = argument_flag(call, "abort") || argument_flag(call, "pivot") ||
		    argument_flag(call, "async");
	unsigned long bandwidth;
	int failed;

	if (argument_given(call, "bandwidth")) {
		if (block_bandwidth(call, &bandwidth, err) < 0)
			return -1;
		failed = virDomainBlockJobSetSpeed(
			domain, disk, bandwidth,
			argument_flag(call, "bytes") ? VIR_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES
						     : 0);
	} else if (ends) {
		failed = virDomainBlockJobAbort(domain, disk, argument_bits(call));
	} else {
		return query(call, disk, err);
	}
	if (failed < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "disk", value_text(disk));
	return 0;
}

static const struct field job_results[] = {
	NAME_FIELD,
	FIELD("disk", NULL, FIELD_TEXT, 0, "the disk, as it was called"),
	FIELD("active", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether there is a job"),
	FIELD("type", NULL, FIELD_TEXT, FIELD_ASKED, "of the job"),
	FIELD("bandwidth", NULL, FIELD_BYTES_PER_SECOND, FIELD_ASKED | FIELD_NULL,
	      "its limit; null: none"),
	FIELD("done", NULL, FIELD_INTEGER, FIELD_ASKED, "of the total, in the job's own unit"),
	FIELD("total", NULL, FIELD_INTEGER, FIELD_ASKED, "what is to be done"),
	FIELDS_END,
};

static const struct option job_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is running"),
	BLOCK_DISK,
	FLAG("abort", 0, "abort the job"),
	BLOCK_ASYNC(VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC),
	FLAG("pivot", VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT,
	     "end a mirror, and let the guest use the copy"),
	FLAG("info", 0, "show what it is doing, which is the default"),
	BLOCK_BYTES(0),
	FLAG("raw", 0, "show libvirt's figures"),
	BLOCK_BANDWIDTH,
	END,
};

const struct command blockjob_command = {
	.name = "blockjob",
	.target = ONE_DOMAIN(BY_ANY),
	.options = job_options,
	.rules = (const struct rule[]){EXCLUSIVE("raw", "abort"), EXCLUSIVE("raw", "pivot"),
				       EXCLUSIVE("raw", "async"), EXCLUSIVE("raw", "bandwidth"),
				       EXCLUSIVE("info", "abort"), EXCLUSIVE("info", "pivot"),
				       EXCLUSIVE("info", "async"), EXCLUSIVE("info", "bandwidth"),
				       EXCLUSIVE("bytes", "abort"), EXCLUSIVE("bytes", "pivot"),
				       EXCLUSIVE("bytes", "async"), RULES_END},
	.results = job_results,
	.summary = "show a job on a disk, change its speed, or end it",
	.run = blockjob,
};

// What is beyond the new end is lost: that is said, and not done by mistake.
static int check_shrink(struct call *call, const char *disk, unsigned long long size,
			struct error *err)
{
	virDomainBlockInfo info;

	if (call->context->peer || argument_flag(call, "shrink") ||
	    virDomainGetBlockInfo(call_domain(call), disk, &info, 0) < 0 || size >= info.capacity)
		return 0;
	error_set(err, STATUS_CONFIRM, "'%s' would shrink from %llu to %llu bytes", disk,
		  info.capacity, size);
	return error_hint(err, "what is beyond the new end would be lost; --shrink does it all the "
			       "same");
}

static int blockresize(struct call *call, struct error *err)
{
	const char *disk = argument_text(call, "path");
	unsigned long long size = argument_size(call, "size");
	unsigned bits = argument_bits(call);

	if (check_shrink(call, disk, size, err) < 0)
		return -1;
	// Old hosts know KiB alone.
	if (virDomainBlockResize(call_domain(call), disk, size % 1024 ? size : size / 1024,
				 bits | (size % 1024 ? VIR_DOMAIN_BLOCK_RESIZE_BYTES : 0)) < 0)
		return virt_failure(err, "Failed to resize block device '%s'", disk);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "disk", value_text(disk));
	report_value(call->report, "size", value_unsigned(size));
	report_message(call->report, "Block device '%s' is resized", disk);
	return 0;
}

static const struct field size_results[] = {
	NAME_FIELD,
	FIELD("disk", NULL, FIELD_TEXT, 0, "the disk, as it was called"),
	FIELD("size", NULL, FIELD_BYTES, 0, "its new size"),
	FIELDS_END,
};

static const struct option size_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is running"),
	BLOCK_DISK,
	{.kind = OPTION_SIZE,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "size",
	 .unit = 1024,
	 .help = "its new size, in KiB or with a suffix"},
	NEWER_FLAG("capacity", VIR_DOMAIN_BLOCK_RESIZE_CAPACITY, 10000000,
		   "the size must be that of the block device"),
	NEWER_FLAG("extend", VIR_DOMAIN_BLOCK_RESIZE_EXTEND, 12003000, "fail rather than shrink"),
	FLAG("shrink", 0, "make it smaller though what is beyond its new end is lost"),
	END,
};

const struct command blockresize_command = {
	.name = "blockresize",
	.target = ONE_DOMAIN(BY_ANY),
	.options = size_options,
	.results = size_results,
	.summary = "change the size of a running guest's disk",
	.run = blockresize,
};
