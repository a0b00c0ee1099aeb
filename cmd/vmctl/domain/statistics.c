// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of many guests by one question, and what the agents in guests tell.
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "virt/statistics.h"
#include "virt/typed.h"

// The flags of the question are in the upper half of an option's bits, the groups in the lower.
#define ASKING(flag_) ((unsigned long long)(flag_) << 32)

static const struct option domstats_options[] = {
	FLAG("state", VIR_DOMAIN_STATS_STATE, "the state and why it is in it"),
	FLAG("cpu-total", VIR_DOMAIN_STATS_CPU_TOTAL, "CPU time used, and cache monitors"),
	FLAG("balloon", VIR_DOMAIN_STATS_BALLOON, "memory and the balloon"),
	FLAG("vcpu", VIR_DOMAIN_STATS_VCPU, "virtual CPUs"),
	FLAG("interface", VIR_DOMAIN_STATS_INTERFACE, "network interfaces"),
	FLAG("block", VIR_DOMAIN_STATS_BLOCK, "disks"),
	FLAG("perf", VIR_DOMAIN_STATS_PERF, "performance counters that are turned on"),
	FLAG("iothread", VIR_DOMAIN_STATS_IOTHREAD, "I/O threads"),
	FLAG("memory", VIR_DOMAIN_STATS_MEMORY, "memory bandwidth monitors"),
	FLAG("dirtyrate", VIR_DOMAIN_STATS_DIRTYRATE, "the dirty rate that was last measured"),
	FLAG("vm", VIR_DOMAIN_STATS_VM, "figures of the hypervisor's own"),
	FLAG("list-active", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE), "active guests"),
	FLAG("list-inactive", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_INACTIVE),
	     "guests that are shut off"),
	FLAG("list-persistent", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_PERSISTENT),
	     "guests with a definition"),
	FLAG("list-transient", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_TRANSIENT),
	     "guests without a definition"),
	FLAG("list-running", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_RUNNING), "guests that run"),
	FLAG("list-paused", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_PAUSED),
	     "guests that are paused"),
	FLAG("list-shutoff", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_SHUTOFF),
	     "guests that are shut off"),
	FLAG("list-other", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_OTHER),
	     "guests in any other state"),
	FLAG("raw", 0, "figures as they are (they always are)"),
	FLAG("enforce", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS),
	     "fail where the hypervisor does not know a group"),
	FLAG("backing", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING),
	     "with the backing chains of disks"),
	FLAG("nowait", ASKING(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT),
	     "only what is known without waiting for a guest that is busy"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL,
	 .name = "domain",
	 .object = &kind_domain,
	 .help = "guests (default: all)"},
	END,
};

// The guests that are named, ended by NULL; NULL on failure.
static virDomainPtr *named_guests(struct call *call, const struct list *names, struct error *err)
{
	auto_domains virDomainPtr *domains = memory_new(names->count + 1, sizeof(*domains));

	for (size_t i = 0; i < names->count; i++) {
		domains[i] = kind_find(&kind_domain, session_connection(call), NULL,
				       names->items[i], BY_ANY, err);
		if (!domains[i])
			return NULL;
	}
	return take(&domains);
}

static int by_name(const void *a, const void *b)
{
	return strcasecmp(virDomainGetName((*(const virDomainStatsRecordPtr *)a)->dom),
			  virDomainGetName((*(const virDomainStatsRecordPtr *)b)->dom));
}

// The records in the order of the names that were given, or of all guests' names.
static int fetch(struct call *call, virDomainStatsRecordPtr **records, struct error *err)
{
	const struct list *names = argument_list(call, "domain");
	unsigned groups = argument_bits(call), flags = argument_upper_bits(call);
	auto_domains virDomainPtr *domains = NULL;
	int count;

	if (names->count) {
		domains = named_guests(call, names, err);
		if (!domains)
			return -1;
		count = virDomainListGetStats(domains, groups, records, flags);
	} else {
		count = virConnectGetAllDomainStats(session_connection(call), groups, records,
						    flags);
	}
	if (count < 0)
		return virt_failure(err, "Failed to get the statistics of guests");
	// libvirt gives all in the order of a hash.
	if (!names->count)
		qsort(*records, (size_t)count, sizeof(**records), by_name);
	return 0;
}

static void report_record(struct report *report, const virDomainStatsRecord *record, bool first)
{
	report_open(report, NULL);
	report_field(report, NULL, "name", value_text(virDomainGetName(record->dom)));
	report_heading(report, "%sDomain: '%s'\n", first ? "" : "\n",
		       virDomainGetName(record->dom));
	for (int i = 0; !report_is_json(report) && i < record->nparams; i++) {
		auto_free char *text = typed_text(&record->params[i]);

		report_heading(report, "  %s=%s\n", record->params[i].field, text);
	}
	statistics_report(report, (struct statistics){record->params, (size_t)record->nparams});
	report_close(report);
}

static int domstats(struct call *call, struct error *err)
{
	auto_domain_stats virDomainStatsRecordPtr *records = NULL;

	if (fetch(call, &records, err) < 0)
		return -1;
	report_open_list(call->report, NULL);
	for (virDomainStatsRecordPtr *record = records; *record; record++)
		report_record(call->report, *record, record == records);
	return 0;
}

#define GROUP(key_, help_) FIELD(key_, NULL, FIELD_ANY, FIELD_ASKED, help_)
static const struct field domstats_results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	GROUP("state", "state and reason, as libvirt numbers them"),
	GROUP("cpu", "CPU time in ns, cache monitors"),
	GROUP("balloon", "memory in KiB"),
	GROUP("vcpu", "virtual CPUs: how many, and each"),
	GROUP("net", "network interfaces: how many, and each"),
	GROUP("block", "disks: how many, and each"),
	GROUP("perf", "performance counters"),
	GROUP("iothread", "I/O threads: how many, and each"),
	GROUP("memory", "memory bandwidth monitors"),
	GROUP("dirtyrate", "the dirty rate that was last measured"),
	GROUP("vm", "figures of the hypervisor's own"),
	GROUP("other", "what a newer libvirt tells"),
	FIELDS_END,
};

const struct command domstats_command = {
	.name = "domstats",
	.traits = COMMAND_READS,
	.options = domstats_options,
	.shape = SHAPE_LIST,
	.results = domstats_results,
	.summary = "show figures of one, several or all guests",
	.description = "Asks for the figures of all guests at once. Without a group every group is "
		       "shown; without names, every guest.",
	.run = domstats,
};

static int guestinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virTypedParameterPtr items = NULL;
	int count = 0;

	if (virDomainGetGuestInfo(domain, argument_bits(call), &items, &count, 0) < 0)
		return domain_failure(err, domain, "Failed to ask the guest agent of domain '%s'",
				      virDomainGetName(domain));
	for (int i = 0; !report_is_json(call->report) && i < count; i++) {
		auto_free char *text = typed_text(&items[i]);

		report_heading(call->report, "%-20s: %s\n", items[i].field, text);
	}
	statistics_report(call->report, (struct statistics){items, (size_t)count});
	virTypedParamsFree(items, count);
	return 0;
}

static const struct option guestinfo_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is asked"),
	FLAG("user", VIR_DOMAIN_GUEST_INFO_USERS, "who is logged in"),
	FLAG("os", VIR_DOMAIN_GUEST_INFO_OS, "its operating system"),
	FLAG("timezone", VIR_DOMAIN_GUEST_INFO_TIMEZONE, "its time zone"),
	FLAG("hostname", VIR_DOMAIN_GUEST_INFO_HOSTNAME, "its host name"),
	FLAG("filesystem", VIR_DOMAIN_GUEST_INFO_FILESYSTEM, "its file systems and how full"),
	FLAG("disk", VIR_DOMAIN_GUEST_INFO_DISKS, "its disks"),
	FLAG("interface", VIR_DOMAIN_GUEST_INFO_INTERFACES, "its network interfaces"),
	NEWER_FLAG("load", VIR_DOMAIN_GUEST_INFO_LOAD, 11002000, "its load average"),
	END,
};

static const struct field guestinfo_results[] = {
	GROUP("user", "who is logged in: how many, and each"),
	GROUP("os", "its operating system"),
	GROUP("timezone", "its time zone, with the offset in seconds"),
	FIELD("hostname", NULL, FIELD_TEXT, FIELD_ASKED, "its host name"),
	GROUP("fs", "its file systems: how many, and each"),
	GROUP("disk", "its disks: how many, and each"),
	GROUP("if", "its network interfaces: how many, and each"),
	GROUP("load", "its load average"),
	GROUP("other", "what a newer libvirt tells"),
	FIELDS_END,
};

const struct command guestinfo_command = {
	.name = "guestinfo",
	.target = MANY_DOMAINS(BY_ANY),
	.options = guestinfo_options,
	.results = guestinfo_results,
	.summary = "show what the guest agent knows of a guest",
	.run = guestinfo,
};
