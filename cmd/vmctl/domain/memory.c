// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a guest.
#include <libvirt/libvirt.h>

#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/hints.h"

static const struct rule config_rules[] = {
	EXCLUSIVE("current", "live"),
	EXCLUSIVE("current", "config"),
	RULES_END,
};

static int setmem(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned long kibibytes = (unsigned long)((argument_size(call, "size") + 1023) / 1024);
	unsigned bits = argument_bits(call);
	bool plain = !bits && !argument_flag(call, "current");

	if ((plain ? virDomainSetMemory(domain, kibibytes)
		   : virDomainSetMemoryFlags(domain, kibibytes, bits)) < 0)
		return domain_failure(err, domain, "Failed to set the memory of domain '%s'",
				      virDomainGetName(domain));
	return 0;
}

static const struct option setmem_options[] = {
	DOMAIN(0, "guest whose memory is to change"),
	{.kind = OPTION_SIZE,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "size",
	 .unit = 1024,
	 .help = "its new memory, in KiB or with a unit such as 2G"},
	ALIAS("kilobytes", "size"),
	CONFIG("from its next start on"),
	LIVE("while it runs"),
	CURRENT("in the state it is in"),
	END,
};

const struct command setmem_command = {
	.name = "setmem",
	.target = MANY_DOMAINS(BY_ANY),
	.options = setmem_options,
	.rules = config_rules,
	.summary = "change how much memory a guest has",
	.description =
		"Changes the memory of a guest, up to its maximum, through its balloon while "
		"it runs.",
	.run = setmem,
};

static const struct {
	int tag;
	const char *name;
} memory_stats[] = {
	{VIR_DOMAIN_MEMORY_STAT_SWAP_IN, "swap_in"},
	{VIR_DOMAIN_MEMORY_STAT_SWAP_OUT, "swap_out"},
	{VIR_DOMAIN_MEMORY_STAT_MAJOR_FAULT, "major_fault"},
	{VIR_DOMAIN_MEMORY_STAT_MINOR_FAULT, "minor_fault"},
	{VIR_DOMAIN_MEMORY_STAT_UNUSED, "unused"},
	{VIR_DOMAIN_MEMORY_STAT_AVAILABLE, "available"},
	{VIR_DOMAIN_MEMORY_STAT_USABLE, "usable"},
	{VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON, "actual"},
	{VIR_DOMAIN_MEMORY_STAT_RSS, "rss"},
	{VIR_DOMAIN_MEMORY_STAT_LAST_UPDATE, "last_update"},
	{VIR_DOMAIN_MEMORY_STAT_DISK_CACHES, "disk_caches"},
	{VIR_DOMAIN_MEMORY_STAT_HUGETLB_PGALLOC, "hugetlb_pgalloc"},
	{VIR_DOMAIN_MEMORY_STAT_HUGETLB_PGFAIL, "hugetlb_pgfail"},
};

static int dommemstat(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
	int count;

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
		for (size_t j = 0; j < sizeof(memory_stats) / sizeof(*memory_stats); j++)
			if (memory_stats[j].tag == stats[i].tag)
				report_field(call->report, memory_stats[j].name,
					     memory_stats[j].name, value_unsigned(stats[i].val));
	return 0;
}

static const struct option dommemstat_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose figures are wanted"),
	{.kind = OPTION_INTEGER,
	 .name = "period",
	 .value = "seconds",
	 .most = 2147483647,
	 .help = "have the guest collect figures so often, 0 for never"},
	CONFIG("set the period from its next start on"),
	LIVE("set the period while it runs"),
	CURRENT("set the period in the state it is in"),
	END,
};

const struct command dommemstat_command = {
	.name = "dommemstat",
	.target = MANY_DOMAINS(BY_ANY),
	.options = dommemstat_options,
	.rules = config_rules,
	.summary = "show how a guest uses its memory",
	.description = "Shows what the balloon driver in the guest tells of its memory, in KiB.",
	.run = dommemstat,
};
