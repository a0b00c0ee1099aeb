// SPDX-License-Identifier: GPL-3.0-or-later
// The CPUs and the memory of the host, and its sleep.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cpus.h"
#include "virt/failure.h"
#include "virt/parameters.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

static int nodecpumap(struct call *call, struct error *err)
{
	auto_free unsigned char *map = NULL;
	auto_free char *cpus = NULL, *letters = NULL;
	unsigned online = 0;
	int count = virNodeGetCPUMap(session_connection(call), &map, &online, 0);

	if (count < 0)
		return virt_failure(err, "Unable to get cpu map");
	cpus = cpus_text(map, VIR_CPU_MAPLEN(count));
	letters = cpus_letters(map, count);
	report_layout(call->report, 15);
	report_value(call->report, "present", value_integer(count));
	report_value(call->report, "online", value_unsigned(online));
	report_value(call->report, "cpus",
		     value_shown(value_text(cpus), argument_flag(call, "pretty") ? cpus : letters));
	return 0;
}

static const struct field cpumap_results[] = {
	FIELD("present", "CPUs present:", FIELD_INTEGER, 0, "CPUs that the host has"),
	FIELD("online", "CPUs online:", FIELD_INTEGER, 0, "of them switched on"),
	FIELD("cpus", "CPU map:", FIELD_TEXT, 0, "those that are on, such as 0-3"),
	FIELDS_END,
};

const struct command nodecpumap_command = {
	.name = "nodecpumap",
	.traits = COMMAND_READS,
	.options = (const struct option[]){FLAG("pretty", 0, "as 0-3 instead of a letter for each"),
					   END},
	.results = cpumap_results,
	.summary = "show which CPUs of the host are online",
	.run = nodecpumap,
};

enum { TIMES = 5, WAIT = 1000 }; // milliseconds between two looks

// What CPUs spend their time with. Times are nanoseconds.
static const struct {
	const char *field, *title, *time_key, *percent_key;
} times[TIMES] = {
	{VIR_NODE_CPU_STATS_USER, "user:", "user_time", "user_percent"},
	{VIR_NODE_CPU_STATS_KERNEL, "system:", "system_time", "system_percent"},
	{VIR_NODE_CPU_STATS_IDLE, "idle:", "idle_time", "idle_percent"},
	{VIR_NODE_CPU_STATS_IOWAIT, "iowait:", "iowait_time", "iowait_percent"},
	{VIR_NODE_CPU_STATS_INTR, "intr:", "intr_time", "intr_percent"},
};

struct look {
	unsigned long long times[TIMES];
	bool known[TIMES];
	unsigned long long usage; // per cent, of drivers that tell that at once
	bool has_usage;
};

static int look_at_cpus(struct call *call, struct look *look, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	int cpu = argument_given(call, "cpu") ? (int)argument_integer(call, "cpu")
					      : VIR_NODE_CPU_STATS_ALL_CPUS;
	auto_free virNodeCPUStatsPtr stats = NULL;
	int count = 0;

	*look = (struct look){0};
	if (virNodeGetCPUStats(connection, cpu, NULL, &count, 0) < 0)
		return virt_failure(err, "Unable to get number of cpu stats");
	stats = memory_new((size_t)count + 1, sizeof(*stats));
	if (count && virNodeGetCPUStats(connection, cpu, stats, &count, 0) < 0)
		return virt_failure(err, "Unable to get node cpu stats");
	for (int i = 0; i < count; i++) {
		if (text_equal(stats[i].field, VIR_NODE_CPU_STATS_UTILIZATION)) {
			look->usage = stats[i].value;
			look->has_usage = true;
		}
		for (int k = 0; k < TIMES; k++)
			if (text_equal(stats[i].field, times[k].field)) {
				look->times[k] = stats[i].value;
				look->known[k] = true;
			}
	}
	return 0;
}

// PART of WHOLE in per cent; of nothing it cannot be told.
static void report_percent(struct report *report, const char *title, const char *key, double part,
			   double whole)
{
	auto_free char *shown =
		whole > 0 ? text_format("%5.1lf%%", part / whole * 100) : text_copy("    -");

	report_field(
		report, title, key,
		value_shown(whole > 0 ? value_real(part / whole * 100) : value_absent(), shown));
}

static int report_percents(struct call *call, const struct look *before, struct error *err)
{
	struct look after;
	double all = 0, spent[TIMES] = {0};

	if (before->has_usage) {
		report_percent(call->report, "usage:", "usage_percent", (double)before->usage, 100);
		report_percent(call->report, "idle:", "idle_percent", 100 - (double)before->usage,
			       100);
		return 0;
	}
	if (cancel_poll(call->cancel, NULL, 0, WAIT) < 0)
		return cancel_check(call->cancel, err);
	if (look_at_cpus(call, &after, err) < 0)
		return -1;
	for (int i = 0; i < TIMES; i++)
		all += spent[i] = (double)(after.times[i] - before->times[i]);
	report_percent(call->report, "usage:", "usage_percent", spent[0] + spent[1], all);
	for (int i = 0; i < TIMES; i++)
		if (before->known[i])
			report_percent(call->report, times[i].title, times[i].percent_key, spent[i],
				       all);
	return 0;
}

static int nodecpustats(struct call *call, struct error *err)
{
	struct look look;

	if (look_at_cpus(call, &look, err) < 0)
		return -1;
	report_layout(call->report, 15);
	if (argument_flag(call, "percent"))
		return report_percents(call, &look, err);
	for (int i = 0; i < TIMES; i++) {
		auto_free char *shown = text_format("%20llu", look.times[i]);

		if (look.known[i])
			report_field(call->report, times[i].title, times[i].time_key,
				     value_shown(value_unsigned(look.times[i]), shown));
	}
	return 0;
}

#define TIME_FIELD(key_, help_) FIELD(key_, NULL, FIELD_NANOSECONDS, FIELD_ASKED, help_)
#define PERCENT_FIELD(key_, help_) FIELD(key_, NULL, FIELD_PERCENT, FIELD_NULL | FIELD_ASKED, help_)
static const struct field cpustats_results[] = {
	TIME_FIELD("user_time", "in programs"),
	TIME_FIELD("system_time", "in the kernel"),
	TIME_FIELD("idle_time", "with nothing to do"),
	TIME_FIELD("iowait_time", "waiting for disks"),
	TIME_FIELD("intr_time", "in interrupts"),
	PERCENT_FIELD("usage_percent", "in programs and the kernel"),
	PERCENT_FIELD("user_percent", "in programs"),
	PERCENT_FIELD("system_percent", "in the kernel"),
	PERCENT_FIELD("idle_percent", "with nothing to do"),
	PERCENT_FIELD("iowait_percent", "waiting for disks"),
	PERCENT_FIELD("intr_percent", "in interrupts"),
	FIELDS_END,
};

const struct command nodecpustats_command = {
	.name = "nodecpustats",
	.traits = COMMAND_READS,
	.options = (const struct option[]){{.kind = OPTION_INTEGER,
					    .traits = POSITIONAL,
					    .name = "cpu",
					    .candidates = cpus_online,
					    .least = -1,
					    .most = INT_MAX,
					    .help = "only this CPU"},
					   FLAG("percent", 0, "in per cent, over one second"),
					   END},
	.results = cpustats_results,
	.summary = "show what the CPUs of the host spend their time with",
	.run = nodecpustats,
};

static int nodememstats(struct call *call, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	int cell = argument_given(call, "cell") ? (int)argument_integer(call, "cell")
						: VIR_NODE_MEMORY_STATS_ALL_CELLS;
	auto_free virNodeMemoryStatsPtr stats = NULL;
	int count = 0;

	if (virNodeGetMemoryStats(connection, cell, NULL, &count, 0) < 0)
		return virt_failure(err, "Unable to get number of memory stats");
	stats = memory_new((size_t)count + 1, sizeof(*stats));
	if (count && virNodeGetMemoryStats(connection, cell, stats, &count, 0) < 0)
		return virt_failure(err, "Unable to get memory stats");
	for (int i = 0; i < count; i++) {
		auto_free char *title = text_format("%-7s:", stats[i].field);
		auto_free char *shown = text_format("%20llu KiB", stats[i].value);

		if (field_find(call->command->results, stats[i].field))
			report_field(call->report, title, stats[i].field,
				     value_shown(value_unsigned(stats[i].value * 1024), shown));
		else
			report_heading(call->report, "%s %s\n", title, shown);
	}
	return 0;
}

static const struct field memstats_results[] = {
	FIELD("total", NULL, FIELD_BYTES, FIELD_ASKED, "memory of the host or the node"),
	FIELD("free", NULL, FIELD_BYTES, FIELD_ASKED, "of it free"),
	FIELD("available", NULL, FIELD_BYTES, FIELD_ASKED, "that can be had without swapping"),
	FIELD("buffers", NULL, FIELD_BYTES, FIELD_ASKED, "in buffers"),
	FIELD("cached", NULL, FIELD_BYTES, FIELD_ASKED, "in the cache of files"),
	FIELDS_END,
};

const struct command nodememstats_command = {
	.name = "nodememstats",
	.traits = COMMAND_READS,
	.options = (const struct option[]){{.kind = OPTION_INTEGER,
					    .traits = POSITIONAL,
					    .name = "cell",
					    .least = -1,
					    .most = INT_MAX,
					    .help = "only this NUMA node"},
					   END},
	.results = memstats_results,
	.summary = "show how the host uses its memory",
	.run = nodememstats,
};

static int get_sev(struct call *call, virTypedParameterPtr *values, int *count, unsigned flags)
{
	(void)flags;
	return virNodeGetSEVInfo(session_connection(call), values, count, 0);
}

static const struct parameter sev_rows[] = {
	{NULL, VIR_NODE_SEV_PDH, "pdh", PARAMETER_TEXT, NULL},
	{NULL, VIR_NODE_SEV_CERT_CHAIN, "cert_chain", PARAMETER_TEXT, NULL},
	{NULL, VIR_NODE_SEV_CPU0_ID, "cpu0_id", PARAMETER_TEXT, NULL},
	{NULL, VIR_NODE_SEV_CBITPOS, "cbitpos", PARAMETER_NUMBER, NULL},
	{NULL, VIR_NODE_SEV_REDUCED_PHYS_BITS, "reduced_phys_bits", PARAMETER_NUMBER, NULL},
	{NULL, VIR_NODE_SEV_MAX_GUESTS, "max_guests", PARAMETER_NUMBER, NULL},
	{NULL, VIR_NODE_SEV_MAX_ES_GUESTS, "max_es_guests", PARAMETER_NUMBER, NULL},
	PARAMETERS_END,
};

#define SEV_FIELD(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_NULL | FIELD_ASKED, help_)
static const struct field sev_results[] = {
	SEV_FIELD("pdh", FIELD_TEXT, "Diffie-Hellman key of the platform"),
	SEV_FIELD("cert_chain", FIELD_TEXT, "its certificates"),
	SEV_FIELD("cpu0_id", FIELD_TEXT, "id of the first CPU"),
	SEV_FIELD("cbitpos", FIELD_INTEGER, "bit of an address that tells encryption"),
	SEV_FIELD("reduced_phys_bits", FIELD_INTEGER, "bits of addresses that are lost by it"),
	SEV_FIELD("max_guests", FIELD_INTEGER, "most SEV guests"),
	SEV_FIELD("max_es_guests", FIELD_INTEGER, "most SEV-ES guests"),
	PARAMETER_OTHER FIELDS_END,
};

const struct command nodesevinfo_command = {
	// Not for a read-only connection: libvirt refuses it.
	.name = "nodesevinfo",
	TUNES(sev_results, .rows = sev_rows, .width = 18, .get = get_sev,
	      .getting = "Unable to get host SEV information"),
	.summary = "show how the host encrypts the memory of guests (AMD SEV)",
};

static int nodesuspend(struct call *call, struct error *err)
{
	unsigned target = 0;

	if (argument_choice(call, "target", &target, err) < 0)
		return -1;
	if (virNodeSuspendForDuration(session_connection(call), target,
				      (unsigned long long)argument_integer(call, "duration"),
				      0) < 0)
		return virt_failure(err, "The host was not suspended");
	report_value(call->report, "target", value_text(argument_text(call, "target")));
	report_value(call->report, "duration", value_integer(argument_integer(call, "duration")));
	return 0;
}

static const struct field suspend_results[] = {
	FIELD("target", NULL, FIELD_TEXT, 0, "where its state is kept: mem, disk or hybrid"),
	FIELD("duration", NULL, FIELD_SECONDS, 0, "seconds that it sleeps"),
	FIELDS_END,
};

static const char *const suspend_targets[] = {"mem", "disk", "hybrid", NULL};

const struct command nodesuspend_command = {
	.name = "nodesuspend",
	.options = (const struct option[]){{.kind = OPTION_TEXT,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "target",
					    .words = suspend_targets,
					    .help = "where its state is kept: mem, disk or hybrid"},
					   {.kind = OPTION_INTEGER,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "duration",
					    .value = "seconds",
					    .most = LLONG_MAX,
					    .help = "how long it sleeps, at least 60"},
					   END},
	.results = suspend_results,
	.summary = "put the host to sleep for some time",
	.run = nodesuspend,
};

static int sysinfo(struct call *call, struct error *err)
{
	auto_free char *xml = virConnectGetSysinfo(session_connection(call), 0);

	if (!xml)
		return virt_failure(err, "failed to get sysinfo");
	report_document(call->report, "xml", xml);
	return 0;
}

const struct command sysinfo_command = {
	.name = "sysinfo",
	.traits = COMMAND_READS,
	.results = xml_results,
	.summary = "show the firmware's tables of the host (SMBIOS), as XML",
	.run = sysinfo,
};

// The most that guests of the default machine may have, or -1.
static int most_vcpus(struct call *call, const char *type)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virConnectGetDomainCapabilities(session_connection(call), NULL, NULL,
							       NULL, type, 0);
	auto_xml struct xml *xml = text ? xml_parse(text, "the capabilities", &ignored) : NULL;
	auto_free char *most = xml ? path_get(xml_root(xml), "vcpu/@max") : NULL;
	long long number;

	return most && number_parse(most, 0, INT_MAX, &number, &ignored) == 0 ? (int)number : -1;
}

static int maxvcpus(struct call *call, struct error *err)
{
	const char *type = argument_text(call, "type");
	int most = most_vcpus(call, type);

	if (most < 0)
		most = virConnectGetMaxVcpus(session_connection(call), type);
	if (most < 0)
		return virt_failure(err, "failed to get the maximum of vCPUs");
	report_value(call->report, "vcpus", value_integer(most));
	return 0;
}

static const struct field maxvcpus_results[] = {
	FIELD("vcpus", "", FIELD_INTEGER, 0, "most vCPUs of a guest"), FIELDS_END};

const struct command maxvcpus_command = {
	// Not for a read-only connection: libvirt runs the emulator.
	.name = "maxvcpus",
	.options =
		(const struct option[]){CHOICE("type", domain_types, "type of domain, such as kvm"),
					END},
	.results = maxvcpus_results,
	.summary = "show how many vCPUs a guest may have",
	.run = maxvcpus,
};
