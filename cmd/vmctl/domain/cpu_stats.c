// SPDX-License-Identifier: GPL-3.0-or-later
// The CPU time of a guest, on each CPU of the host and in all.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/parameters.h"
#include "virt/typed.h"

enum { CPUS_MOST = 128 }; // that libvirt answers for at once

static const struct field time_fields[] = {
	FIELD("cpu", NULL, FIELD_INTEGER, FIELD_ASKED, "number of the host's CPU"),
	FIELD("cpu_time", NULL, FIELD_NANOSECONDS, FIELD_ASKED,
	      "time of the guest and its emulator"),
	FIELD("vcpu_time", NULL, FIELD_NANOSECONDS, FIELD_ASKED, "time of its vCPUs"),
	FIELD("user_time", NULL, FIELD_NANOSECONDS, FIELD_ASKED, "of it in programs"),
	FIELD("system_time", NULL, FIELD_NANOSECONDS, FIELD_ASKED, "of it in the host's kernel"),
	FIELDS_END,
};

static const struct field stats_results[] = {
	NAME_FIELD,
	FIELD_OF("cpus", FIELD_LIST, FIELD_ASKED, time_fields, "on each CPU of the host"),
	FIELD_OF("total", FIELD_OBJECT, FIELD_ASKED, time_fields, "on all of them"),
	FIELDS_END,
};

static int failure(struct call *call, struct error *err)
{
	return domain_failure(err, call_domain(call),
			      "Failed to retrieve CPU statistics for domain '%s'", call_name(call));
}

static void report_times(struct report *report, const virTypedParameter *values, int count)
{
	for (int i = 0; i < count; i++) {
		struct value value = typed_value(&values[i]);
		auto_free char *title = text_format("\t%-12s", values[i].field);
		auto_free char *shown = NULL;

		if (!field_find(time_fields, values[i].field))
			continue;
		shown = text_format("%9llu.%09llu seconds", value.natural / 1000000000,
				    value.natural % 1000000000);
		report_field(report, title, values[i].field, value_shown(value, shown));
	}
}

// COUNT CPUs from FIRST on.
static int report_cpus(struct call *call, int first, int count, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	int each = virDomainGetCPUStats(domain, NULL, 0, 0, 1, 0), status = 0;
	auto_free virTypedParameterPtr values = NULL;

	if (each < 0)
		return failure(call, err);
	values = memory_new((size_t)each * CPUS_MOST + 1, sizeof(*values));
	report_open_list(call->report, "cpus");
	for (int done = 0; done < count && status == 0; done += CPUS_MOST) {
		int part = count - done < CPUS_MOST ? count - done : CPUS_MOST;

		if (virDomainGetCPUStats(domain, values, (unsigned)each, first + done,
					 (unsigned)part, 0) < 0)
			status = failure(call, err);
		// A CPU that is not there has no values.
		for (int i = 0; i < part && status == 0; i++) {
			const virTypedParameter *its = values + (ptrdiff_t)i * each;

			if (its->type == 0)
				continue;
			report_heading(call->report, "CPU%d:\n", first + done + i);
			report_open(call->report, NULL);
			report_value(call->report, "cpu", value_integer(first + done + i));
			report_times(call->report, its, each);
			report_close(call->report);
		}
		virTypedParamsClear(values, each * part);
	}
	report_close(call->report);
	return status;
}

static int report_total(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	int count = virDomainGetCPUStats(domain, NULL, 0, -1, 1, 0);
	auto_free virTypedParameterPtr values = NULL;

	if (count < 0)
		return failure(call, err);
	values = memory_new((size_t)count + 1, sizeof(*values));
	count = virDomainGetCPUStats(domain, values, (unsigned)count, -1, 1, 0);
	if (count < 0)
		return failure(call, err);
	report_heading(call->report, "Total:\n");
	report_open(call->report, "total");
	report_times(call->report, values, count);
	report_close(call->report);
	return 0;
}

static int cpu_stats(struct call *call, struct error *err)
{
	bool each = argument_given(call, "start") || argument_given(call, "count");
	bool total = argument_flag(call, "total") || !each;
	int first = (int)argument_integer(call, "start"), count, there;

	report_value(call->report, "name", value_text(call_name(call)));
	if (each || !argument_flag(call, "total")) {
		there = virDomainGetCPUStats(call_domain(call), NULL, 0, 0, 0, 0);
		if (there < 0)
			return failure(call, err);
		if (first >= there)
			return error_set(err, STATUS_USAGE,
					 "Start CPU %d is out of range (min: 0, max: %d)", first,
					 there - 1);
		count = argument_given(call, "count") ? (int)argument_integer(call, "count")
						      : there;
		if (count > there && argument_given(call, "count"))
			report_heading(call->report, "Only %d CPUs available to show\n", there);
		if (count > there || !argument_given(call, "count"))
			count = there - first;
		if (report_cpus(call, first, count, err) < 0)
			return -1;
	}
	return total ? report_total(call, err) : 0;
}

static const struct option stats_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose CPU time is wanted"),
	FLAG("total", 0, "on all CPUs together"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "start",
	 .most = INT_MAX,
	 .help = "first CPU of the host that is shown"},
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "count",
	 .most = INT_MAX,
	 .help = "most CPUs that are shown"},
	END,
};

const struct command cpu_stats_command = {
	.name = "cpu-stats",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = stats_options,
	.results = stats_results,
	.summary = "show the CPU time of a guest",
	.run = cpu_stats,
};
