// SPDX-License-Identifier: GPL-3.0-or-later
// Performance events that the host counts for a guest.
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/parameters.h"

// clang-format off
#define EVENTS(SET, SHOW) \
	SHOW(VIR_PERF_PARAM_CMT, SWITCH, "use of the last level cache") \
	SHOW(VIR_PERF_PARAM_MBMT, SWITCH, "memory traffic of the whole host") \
	SHOW(VIR_PERF_PARAM_MBML, SWITCH, "memory traffic of the memory controller") \
	SHOW(VIR_PERF_PARAM_CPU_CYCLES, SWITCH, "CPU cycles") \
	SHOW(VIR_PERF_PARAM_INSTRUCTIONS, SWITCH, "instructions") \
	SHOW(VIR_PERF_PARAM_CACHE_REFERENCES, SWITCH, "cache hits") \
	SHOW(VIR_PERF_PARAM_CACHE_MISSES, SWITCH, "cache misses") \
	SHOW(VIR_PERF_PARAM_BRANCH_INSTRUCTIONS, SWITCH, "branches") \
	SHOW(VIR_PERF_PARAM_BRANCH_MISSES, SWITCH, "mispredicted branches") \
	SHOW(VIR_PERF_PARAM_BUS_CYCLES, SWITCH, "bus cycles") \
	SHOW(VIR_PERF_PARAM_STALLED_CYCLES_FRONTEND, SWITCH, "cycles stalled in the frontend") \
	SHOW(VIR_PERF_PARAM_STALLED_CYCLES_BACKEND, SWITCH, "cycles stalled in the backend") \
	SHOW(VIR_PERF_PARAM_REF_CPU_CYCLES, SWITCH, "CPU cycles without frequency scaling") \
	SHOW(VIR_PERF_PARAM_CPU_CLOCK, SWITCH, "time of the CPU clock") \
	SHOW(VIR_PERF_PARAM_TASK_CLOCK, SWITCH, "time of the task clock") \
	SHOW(VIR_PERF_PARAM_PAGE_FAULTS, SWITCH, "page faults") \
	SHOW(VIR_PERF_PARAM_CONTEXT_SWITCHES, SWITCH, "context switches") \
	SHOW(VIR_PERF_PARAM_CPU_MIGRATIONS, SWITCH, "moves to another CPU") \
	SHOW(VIR_PERF_PARAM_PAGE_FAULTS_MIN, SWITCH, "minor page faults") \
	SHOW(VIR_PERF_PARAM_PAGE_FAULTS_MAJ, SWITCH, "major page faults") \
	SHOW(VIR_PERF_PARAM_ALIGNMENT_FAULTS, SWITCH, "alignment faults") \
	SHOW(VIR_PERF_PARAM_EMULATION_FAULTS, SWITCH, "emulation faults")
// clang-format on

static int get_events(struct call *call, virTypedParameterPtr *values, int *count, unsigned flags)
{
	return virDomainGetPerfEvents(call_domain(call), values, count, flags);
}

PARAMETERS_SET(set_events, virDomainSetPerfEvents(call_domain(call), values, count, flags))

static const struct parameter event_rows[] = {PARAMETER_ROWS(EVENTS) PARAMETERS_END};

static bool event_known(const char *name)
{
	for (const struct parameter *row = event_rows; row->field; row++)
		if (text_equal(row->field, name))
			return true;
	return false;
}

static int collect_list(struct call *call, struct parameter_values *settings, const char *option,
			struct error *err)
{
	const char *typed = argument_text(call, option);
	auto_list struct list names = list_split(typed ? typed : "", ",");

	for (size_t i = 0; i < names.count; i++) {
		if (!event_known(names.items[i]))
			return error_set(err, STATUS_USAGE, "there is no perf event '%s'",
					 names.items[i]);
		parameters_boolean(settings, names.items[i], text_equal(option, "enable"));
	}
	return 0;
}

static int collect_events(struct call *call, struct parameter_values *settings, struct error *err)
{
	if (collect_list(call, settings, "enable", err) < 0)
		return -1;
	return collect_list(call, settings, "disable", err);
}

static void event_names(struct call *call, struct list *found)
{
	(void)call;
	for (const struct parameter *row = event_rows; row->field; row++)
		list_add(found, row->field);
}

static const struct field event_results[] = {NAME_FIELD, PARAMETER_RESULTS(EVENTS) FIELDS_END};
static const struct option event_options[] = {
	DOMAIN(0, "guest whose events are counted"),
	TEXT("enable", event_names, "count these from now on, separated by commas"),
	TEXT("disable", event_names, "do not count these any more"),
	AFFECTED,
	END,
};

const struct command perf_command = {
	.name = "perf",
	.target = MANY_DOMAINS(BY_ANY),
	.options = event_options,
	.rules = affected_rules,
	TUNES(event_results, .rows = event_rows, .get = get_events, .set = set_events,
	      .collect = collect_events, .after = AFTER_SET_GIVEN,
	      .getting = "Unable to get perf events",
	      .setting = "Unable to enable/disable perf events"),
	.summary = "show or choose the performance events counted for a guest",
};
