// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a guest.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/parameters.h"

static unsigned long typed_kibibytes(struct call *call)
{
	return (unsigned long)((argument_size(call, "size") + 1023) / 1024);
}

static int set_memory(struct call *call, void *domain, unsigned bits)
{
	if (!bits && !argument_flag(call, "current"))
		return virDomainSetMemory(domain, typed_kibibytes(call));
	return virDomainSetMemoryFlags(domain, typed_kibibytes(call), bits);
}

static int set_maximum(struct call *call, void *domain, unsigned bits)
{
	if (!bits && !argument_flag(call, "current"))
		return virDomainSetMaxMemory(domain, typed_kibibytes(call));
	return virDomainSetMemoryFlags(domain, typed_kibibytes(call),
				       bits | VIR_DOMAIN_MEM_MAXIMUM);
}

static const struct option size_options[] = {
	DOMAIN(0, "guest whose memory is to change"),
	{.kind = OPTION_SIZE,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "size",
	 .unit = 1024,
	 .help = "its new memory, in KiB or with a unit such as 2G"},
	ALIAS("kilobytes", "size"),
	AFFECTED,
	END,
};

const struct command setmem_command = {
	.name = "setmem",
	.target = MANY_DOMAINS(BY_ANY),
	.options = size_options,
	.rules = affected_rules,
	DOES(.act = set_memory, .failed = "Failed to set the memory of domain '%s'"),
	.summary = "change how much memory a guest has",
	.description =
		"Changes the memory of a guest, up to its maximum, through its balloon while "
		"it runs.",
};

const struct command setmaxmem_command = {
	.name = "setmaxmem",
	.target = MANY_DOMAINS(BY_ANY),
	.options = size_options,
	.rules = affected_rules,
	DOES(.act = set_maximum, .failed = "Failed to set the maximum memory of domain '%s'"),
	.summary = "change how much memory a guest may ever have",
};

enum stat_form { STAT_KIBIBYTES, STAT_COUNT, STAT_TIME };

// clang-format off
#define STATS(X) \
	X(SWAP_IN, "swap_in", KIBIBYTES, BYTES, "read from its swap space") \
	X(SWAP_OUT, "swap_out", KIBIBYTES, BYTES, "written to its swap space") \
	X(MAJOR_FAULT, "major_fault", COUNT, INTEGER, "page faults that waited for a disk") \
	X(MINOR_FAULT, "minor_fault", COUNT, INTEGER, "other page faults") \
	X(UNUSED, "unused", KIBIBYTES, BYTES, "memory that nothing uses") \
	X(AVAILABLE, "available", KIBIBYTES, BYTES, "memory that the guest sees") \
	X(USABLE, "usable", KIBIBYTES, BYTES, "memory that can be had without swapping") \
	X(ACTUAL_BALLOON, "actual", KIBIBYTES, BYTES, "memory that the balloon leaves it") \
	X(RSS, "rss", KIBIBYTES, BYTES, "memory of the host that its process holds") \
	X(LAST_UPDATE, "last_update", TIME, TIME, "when the guest told this") \
	X(DISK_CACHES, "disk_caches", KIBIBYTES, BYTES, "caches that can be given up") \
	X(HUGETLB_PGALLOC, "hugetlb_pgalloc", COUNT, INTEGER, "huge pages that it got") \
	X(HUGETLB_PGFAIL, "hugetlb_pgfail", COUNT, INTEGER, "huge pages that it did not get")
#define STAT_ROW(tag_, key_, form_, type_, help_) \
	{ VIR_DOMAIN_MEMORY_STAT_##tag_, STAT_##form_, key_ },
#define STAT_FIELD(tag_, key_, form_, type_, help_) \
	FIELD(key_, NULL, FIELD_##type_, FIELD_NULL | FIELD_ASKED, help_),
// clang-format on

static const struct {
	int tag;
	enum stat_form form;
	const char *key;
} stat_rows[] = {STATS(STAT_ROW)};

static void report_stat(struct call *call, const virDomainMemoryStatStruct *stat)
{
	auto_free char *shown = text_format("%llu", stat->val);

	for (size_t i = 0; i < sizeof(stat_rows) / sizeof(*stat_rows); i++) {
		struct cell cell = {.value = value_unsigned(stat->val)};
		auto_free char *time = NULL;

		if (stat_rows[i].tag != stat->tag)
			continue;
		if (stat_rows[i].form == STAT_KIBIBYTES)
			cell.value = value_unsigned(stat->val * 1024);
		else if (stat_rows[i].form == STAT_TIME && stat->val)
			cell_time(&cell, (long long)stat->val);
		else if (stat_rows[i].form == STAT_TIME)
			cell_none(&cell, NULL);
		time = cell.text;
		report_field(call->report, stat_rows[i].key, stat_rows[i].key,
			     value_shown(cell.value, shown));
	}
}

static int dommemstat(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
	int count;

	report_value(call->report, "name", value_text(call_name(call)));
	if (argument_given(call, "period")) {
		int period = (int)argument_integer(call, "period");

		if (virDomainSetMemoryStatsPeriod(domain, period, argument_bits(call)) < 0)
			return domain_failure(err, domain,
					      "Unable to change balloon collection period");
		return 0;
	}
	count = virDomainMemoryStats(domain, stats, VIR_DOMAIN_MEMORY_STAT_NR, 0);
	if (count < 0)
		return domain_failure(err, domain, "Failed to get memory statistics for domain %s",
				      virDomainGetName(domain));
	// In libvirt's order, which is virsh's.
	for (int i = 0; i < count; i++)
		report_stat(call, &stats[i]);
	return 0;
}

static const struct option dommemstat_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose figures are wanted"),
	{.kind = OPTION_INTEGER,
	 .name = "period",
	 .most = 2147483647,
	 .help = "seconds between two collections by the guest, 0 for never"},
	CONFIG("set the period from its next start on"),
	LIVE("set the period while it runs"),
	CURRENT("set the period in the state it is in"),
	END,
};

static const struct field dommemstat_results[] = {NAME_FIELD, STATS(STAT_FIELD) FIELDS_END};

const struct command dommemstat_command = {
	.name = "dommemstat",
	.target = MANY_DOMAINS(BY_ANY),
	.options = dommemstat_options,
	.rules = affected_rules,
	.results = dommemstat_results,
	.summary = "show how a guest uses its memory",
	.description = "Shows what the balloon driver in the guest tells of its memory, in KiB.",
	.run = dommemstat,
};
