// SPDX-License-Identifier: GPL-3.0-or-later
// `domjobinfo`: the job of a guest that runs, such as a migration, or the last one.
#include <libvirt/virterror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/statistics.h"
#include "virt/typed.h"
#include "virt/words.h"

// In the order of enum virDomainJobType.
static const char *const types[] = {"None",      "Bounded", "Unbounded",
				    "Completed", "Failed",  "Cancelled"};

// How a figure is shown.
enum form { MILLISECONDS, SIZE, RATE, PAGES_PER_SECOND, BYTES, COUNT, WIDE_COUNT, TEXT };

// A line of the text. Lines of one `part` are shown together where one of its totals is there.
static const struct line {
	const char *field, *title;
	enum form form;
	const char *part; // begins the fields "..._total", "..._processed", "..._remaining"
	bool positive;    // only where it is not 0
} lines[] = {
	{VIR_DOMAIN_JOB_TIME_ELAPSED, "Time elapsed:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_TIME_ELAPSED_NET, "Time elapsed w/o network:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_TIME_REMAINING, "Time remaining:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_DATA_PROCESSED, "Data processed:", SIZE, "data", false},
	{VIR_DOMAIN_JOB_DATA_REMAINING, "Data remaining:", SIZE, "data", false},
	{VIR_DOMAIN_JOB_DATA_TOTAL, "Data total:", SIZE, "data", false},
	{VIR_DOMAIN_JOB_MEMORY_PROCESSED, "Memory processed:", SIZE, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_REMAINING, "Memory remaining:", SIZE, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_TOTAL, "Memory total:", SIZE, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_BPS, "Memory bandwidth:", RATE, "memory", true},
	{VIR_DOMAIN_JOB_MEMORY_DIRTY_RATE, "Dirty rate:", PAGES_PER_SECOND, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_PAGE_SIZE, "Page size:", BYTES, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_ITERATION, "Iteration:", COUNT, "memory", false},
	{VIR_DOMAIN_JOB_MEMORY_POSTCOPY_REQS, "Postcopy requests:", COUNT, "memory", false},
	{VIR_DOMAIN_JOB_DISK_PROCESSED, "File processed:", SIZE, "disk", false},
	{VIR_DOMAIN_JOB_DISK_REMAINING, "File remaining:", SIZE, "disk", false},
	{VIR_DOMAIN_JOB_DISK_TOTAL, "File total:", SIZE, "disk", false},
	{VIR_DOMAIN_JOB_DISK_BPS, "File bandwidth:", RATE, "disk", true},
	{VIR_DOMAIN_JOB_MEMORY_CONSTANT, "Constant pages:", COUNT, NULL, false},
	{VIR_DOMAIN_JOB_MEMORY_NORMAL, "Normal pages:", COUNT, NULL, false},
	{VIR_DOMAIN_JOB_MEMORY_NORMAL_BYTES, "Normal data:", SIZE, NULL, false},
	{VIR_DOMAIN_JOB_DOWNTIME, "Expected downtime:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_DOWNTIME_NET, "Downtime w/o network:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_SETUP_TIME, "Setup time:", MILLISECONDS, NULL, false},
	{VIR_DOMAIN_JOB_COMPRESSION_CACHE, "Compression cache:", SIZE, NULL, false},
	{VIR_DOMAIN_JOB_COMPRESSION_BYTES, "Compressed data:", SIZE, NULL, false},
	{VIR_DOMAIN_JOB_COMPRESSION_PAGES, "Compressed pages:", WIDE_COUNT, NULL, false},
	{VIR_DOMAIN_JOB_COMPRESSION_CACHE_MISSES, "Compression cache misses:", WIDE_COUNT, NULL,
	 false},
	{VIR_DOMAIN_JOB_COMPRESSION_OVERFLOW, "Compression overflows:", WIDE_COUNT, NULL, false},
	{VIR_DOMAIN_JOB_AUTO_CONVERGE_THROTTLE, "Auto converge throttle:", WIDE_COUNT, NULL, false},
	{VIR_DOMAIN_JOB_DISK_TEMP_USED, "Temporary disk space use:", SIZE, NULL, false},
	{VIR_DOMAIN_JOB_DISK_TEMP_TOTAL, "Temporary disk space total:", SIZE, NULL, false},
	{VIR_DOMAIN_JOB_ERRMSG, "Error message:", TEXT, NULL, false},
};

struct job {
	int type;
	virTypedParameterPtr items;
	int count;
};

static void job_clear(struct job *job)
{
	virTypedParamsFree(job->items, job->count);
}
#define auto_job __attribute__((cleanup(job_clear)))

static unsigned long long figure(const struct job *job, const char *field)
{
	unsigned long long value = 0;

	virTypedParamsGetULLong(job->items, job->count, field, &value);
	return value;
}

// Whether one of PART's totals is there.
static bool has_part(const struct job *job, const char *part)
{
	static const char *const totals[] = {"total", "processed", "remaining"};

	for (size_t i = 0; i < sizeof(totals) / sizeof(*totals); i++) {
		auto_free char *field = text_format("%s_%s", part, totals[i]);

		if (figure(job, field))
			return true;
	}
	return false;
}

// The value of a line for people; the caller's.
static char *line_text(const struct line *line, const virTypedParameter *item)
{
	auto_free char *plain = typed_text(item);
	const char *unit;
	double scaled =
		line->form == SIZE || line->form == RATE ? size_scale(item->value.ul, &unit) : 0;

	switch (line->form) {
	case MILLISECONDS:
		return text_format("%-12s ms", plain);
	case SIZE:
		return text_format("%-.3lf %s", scaled, unit);
	case RATE:
		return text_format("%-.3lf %s/s", scaled, unit);
	case PAGES_PER_SECOND:
		return text_format("%-12s pages/s", plain);
	case BYTES:
		return text_format("%-12s bytes", plain);
	case COUNT:
		return text_format("%-12s", plain);
	case WIDE_COUNT:
		return text_format("%-13s", plain);
	case TEXT:
		break;
	}
	return take(&plain);
}

static void show_line(struct report *report, const struct job *job, const struct line *line)
{
	virTypedParameterPtr item = virTypedParamsGet(job->items, job->count, line->field);
	bool remaining = text_equal(line->field, VIR_DOMAIN_JOB_TIME_REMAINING);
	bool downtime = text_equal(line->field, VIR_DOMAIN_JOB_DOWNTIME);
	auto_free char *text = NULL;

	// The time of an end that nobody knows means nothing.
	if (!item || (remaining && job->type != VIR_DOMAIN_JOB_BOUNDED) ||
	    (line->part && !has_part(job, line->part)) ||
	    (line->positive && !figure(job, line->field)))
		return;
	text = line_text(line, item);
	report_heading(report, "%-17s %s\n",
		       downtime && job->type == VIR_DOMAIN_JOB_COMPLETED ? "Total downtime:"
									 : line->title,
		       text);
}

static void show(struct call *call, const struct job *job, int operation)
{
	bool completed = argument_flag(call, "completed");
	bool runs = job->type == VIR_DOMAIN_JOB_BOUNDED || job->type == VIR_DOMAIN_JOB_UNBOUNDED;

	report_heading(call->report, "%-17s %-12s\n",
		       "Job type:", WORD(types, job->type, "unknown"));
	if (job->type == VIR_DOMAIN_JOB_NONE ||
	    (!runs && !argument_flag(call, "anystats") &&
	     (!completed || job->type != VIR_DOMAIN_JOB_COMPLETED)))
		return;
	report_heading(call->report, "%-17s %-12s\n", "Operation:", word_job_operation(operation));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		show_line(call->report, job, &lines[i]);
}

static void show_raw(struct call *call, const struct job *job)
{
	report_heading(call->report, "Job type: %d\n\n", job->type);
	for (int i = 0; i < job->count; i++) {
		auto_free char *text = typed_text(&job->items[i]);

		report_heading(call->report, "%s: %s\n", job->items[i].field, text);
	}
}

// A word as JSON has it: "Outgoing migration" as "outgoing migration".
static void report_word(struct report *report, const char *key, const char *shown)
{
	auto_free char *lower = text_copy(shown);

	lower[0] = (char)(lower[0] | 0x20);
	report_field(report, NULL, key, value_text(lower));
}

// For drivers that only know the old question.
static int fetch_basic(virDomainPtr domain, struct job *job)
{
	virDomainJobInfo info;
	int most = 0;

	if (virDomainGetJobInfo(domain, &info) < 0)
		return -1;
	job->type = info.type;
	virTypedParamsAddULLong(&job->items, &job->count, &most, VIR_DOMAIN_JOB_TIME_ELAPSED,
				info.timeElapsed);
	virTypedParamsAddULLong(&job->items, &job->count, &most, VIR_DOMAIN_JOB_DATA_TOTAL,
				info.dataTotal);
	virTypedParamsAddULLong(&job->items, &job->count, &most, VIR_DOMAIN_JOB_DATA_PROCESSED,
				info.dataProcessed);
	virTypedParamsAddULLong(&job->items, &job->count, &most, VIR_DOMAIN_JOB_DATA_REMAINING,
				info.dataRemaining);
	return 0;
}

static int domjobinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned bits = argument_bits(call);
	auto_job struct job job = {0};
	int operation = 0, failed;

	failed = virDomainGetJobStats(domain, &job.type, &job.items, &job.count, bits);
	if (failed < 0 && virt_failed_with(VIR_ERR_NO_SUPPORT) && !bits)
		failed = fetch_basic(domain, &job);
	if (failed < 0)
		return domain_failure(err, domain, "Failed to get the job of domain '%s'",
				      virDomainGetName(domain));
	virTypedParamsGetInt(job.items, job.count, VIR_DOMAIN_JOB_OPERATION, &operation);
	if (argument_flag(call, "rawstats"))
		show_raw(call, &job);
	else
		show(call, &job, operation);
	if (!report_is_json(call->report))
		return 0;
	report_word(call->report, "type", WORD(types, job.type, "unknown"));
	report_word(call->report, "operation_name", word_job_operation(operation));
	statistics_report(call->report, (struct statistics){job.items, (size_t)job.count});
	return 0;
}

static const struct option domjobinfo_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose job is wanted"),
	FLAG("completed", VIR_DOMAIN_JOB_STATS_COMPLETED, "the last completed job"),
	FLAG("keep-completed", VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED,
	     "and keep what is known of it for the next who asks"),
	FLAG("anystats", 0, "the figures of a job that failed too"),
	FLAG("rawstats", 0, "the figures as libvirt names them"),
	END,
};

#define FIGURE(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_ASKED, help_)
static const struct field domjobinfo_results[] = {
	FIELD("type", NULL, FIELD_TEXT, 0,
	      "none, bounded (its end is known), unbounded, completed, failed or cancelled"),
	FIELD("operation_name", NULL, FIELD_TEXT, 0, "what it does, such as outgoing migration"),
	FIGURE("operation", FIELD_INTEGER, "the same, as libvirt numbers it"),
	FIGURE("time_elapsed", FIELD_MILLISECONDS, "since it began"),
	FIGURE("time_elapsed_net", FIELD_MILLISECONDS, "the same without the network"),
	FIGURE("time_remaining", FIELD_MILLISECONDS, "until it ends, where that is known"),
	FIGURE("data_total", FIELD_BYTES, "all"),
	FIGURE("data_processed", FIELD_BYTES, "of it done"),
	FIGURE("data_remaining", FIELD_BYTES, "of it left"),
	FIGURE("memory_total", FIELD_BYTES, "memory"),
	FIGURE("memory_processed", FIELD_BYTES, "of it done"),
	FIGURE("memory_remaining", FIELD_BYTES, "of it left"),
	FIGURE("memory_bps", FIELD_BYTES_PER_SECOND, "how fast memory goes"),
	FIGURE("memory_dirty_rate", FIELD_INTEGER, "pages that the guest writes in a second"),
	FIGURE("memory_page_size", FIELD_BYTES, "size of a page"),
	FIGURE("memory_iteration", FIELD_INTEGER, "passes over the memory"),
	FIGURE("memory_postcopy_requests", FIELD_INTEGER, "pages that the destination asked for"),
	FIGURE("memory_constant", FIELD_INTEGER, "pages of one value"),
	FIGURE("memory_normal", FIELD_INTEGER, "other pages"),
	FIGURE("memory_normal_bytes", FIELD_BYTES, "size of those"),
	FIGURE("disk_total", FIELD_BYTES, "disks"),
	FIGURE("disk_processed", FIELD_BYTES, "of them done"),
	FIGURE("disk_remaining", FIELD_BYTES, "of them left"),
	FIGURE("disk_bps", FIELD_BYTES_PER_SECOND, "how fast disks go"),
	FIGURE("downtime", FIELD_MILLISECONDS, "how long the guest is paused"),
	FIGURE("downtime_net", FIELD_MILLISECONDS, "the same without the network"),
	FIGURE("setup_time", FIELD_MILLISECONDS, "until it began to send"),
	FIGURE("vfio_data_transferred", FIELD_BYTES, "state of devices of the host"),
	FIGURE("success", FIELD_BOOLEAN, "whether it has succeeded"),
	FIGURE("errmsg", FIELD_TEXT, "why it failed"),
	FIGURE("other", FIELD_ANY, "further figures, as libvirt names them"),
	FIELDS_END,
};

const struct command domjobinfo_command = {
	.name = "domjobinfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domjobinfo_options,
	.rules = (const struct rule[]){REQUIRES("keep-completed", "completed"), RULES_END},
	.results = domjobinfo_results,
	.summary = "show the job of a guest, such as a migration",
	.run = domjobinfo,
};
