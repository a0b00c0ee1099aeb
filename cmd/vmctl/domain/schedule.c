// SPDX-License-Identifier: GPL-3.0-or-later
// How the host's CPUs are shared out to a guest.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/parameters.h"

enum { BOTH = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG };

// clang-format off
#define SCHEDULE(SET, SHOW) \
	SHOW(VIR_DOMAIN_SCHEDULER_CPU_SHARES, LONG, "its share of CPU time, beside other guests") \
	SHOW(VIR_DOMAIN_SCHEDULER_VCPU_PERIOD, LONG, "period of a vCPU's quota, in microseconds") \
	SHOW(VIR_DOMAIN_SCHEDULER_VCPU_QUOTA, LONG, "CPU time of a vCPU in a period, in microseconds") \
	SHOW(VIR_DOMAIN_SCHEDULER_EMULATOR_PERIOD, LONG, "the same for the emulator") \
	SHOW(VIR_DOMAIN_SCHEDULER_EMULATOR_QUOTA, LONG, "the same for the emulator") \
	SHOW(VIR_DOMAIN_SCHEDULER_GLOBAL_PERIOD, LONG, "the same for the whole guest") \
	SHOW(VIR_DOMAIN_SCHEDULER_GLOBAL_QUOTA, LONG, "the same for the whole guest") \
	SHOW(VIR_DOMAIN_SCHEDULER_IOTHREAD_PERIOD, LONG, "the same for an IOThread") \
	SHOW(VIR_DOMAIN_SCHEDULER_IOTHREAD_QUOTA, LONG, "the same for an IOThread") \
	SHOW(VIR_DOMAIN_SCHEDULER_WEIGHT, NUMBER, "its share of CPU time (Xen)") \
	SHOW(VIR_DOMAIN_SCHEDULER_CAP, NUMBER, "most CPU time, in per cent of a CPU (Xen)") \
	SHOW(VIR_DOMAIN_SCHEDULER_RESERVATION, LONG, "CPU frequency that it has in any case, in MHz (ESX)") \
	SHOW(VIR_DOMAIN_SCHEDULER_LIMIT, LONG, "most CPU frequency, in MHz (ESX)") \
	SHOW(VIR_DOMAIN_SCHEDULER_SHARES, INTEGER, "its share of CPU time (ESX)")
// clang-format on

// Only one configuration can be shown: of both, which are equal after setting, the one in effect.
static int get_schedule(struct call *call, virTypedParameterPtr *values, int *count, unsigned flags)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *type = virDomainGetSchedulerType(domain, count);

	if (!type || *count == 0)
		return type ? 0 : -1;
	*values = memory_new((size_t)*count, sizeof(**values));
	if (!flags && !argument_flag(call, "current"))
		return virDomainGetSchedulerParameters(domain, *values, count);
	return virDomainGetSchedulerParametersFlags(domain, *values, count,
						    (flags & BOTH) == BOTH ? 0 : flags);
}

static int set_schedule(struct call *call, virTypedParameterPtr values, int count, unsigned flags)
{
	virDomainPtr domain = call_domain(call);

	if (!flags && !argument_flag(call, "current"))
		return virDomainSetSchedulerParameters(domain, values, count);
	return virDomainSetSchedulerParametersFlags(domain, values, count, flags);
}

// The kind of scheduler, which people see even where what follows fails, unless it is one of many.
static int report_scheduler(struct call *call, struct error *err)
{
	int ignored;
	auto_free char *type = virDomainGetSchedulerType(call_domain(call), &ignored);

	if (!type)
		return virt_failure(err, "Unable to get scheduler parameters");
	report_value(call->report, "scheduler", value_text(type));
	return call_is_single(call) ? report_flush(call->report, err) : 0;
}

// VALUE for the parameter NAME, of which libvirt knows the type.
static int add_known(struct parameter_values *settings, const struct parameter_values *known,
		     const char *name, const char *value, struct error *err)
{
	for (int i = 0; i < known->count; i++)
		if (text_equal(known->values[i].field, name))
			return parameters_text(settings, known->values[i].field,
					       known->values[i].type, value, err);
	return error_set(err, STATUS_USAGE, "invalid scheduler option: %s", name);
}

static int collect_schedule(struct call *call, struct parameter_values *settings, struct error *err)
{
	static const char *const options[] = {"cap", "weight"};
	const struct list *pairs = argument_list(call, "set");
	auto_parameters struct parameter_values known = {0};
	unsigned bits = argument_bits(call);

	if (report_scheduler(call, err) < 0)
		return -1;
	if (get_schedule(call, &known.values, &known.count, bits) < 0)
		return virt_failure(err, "Unable to get scheduler parameters");
	for (size_t i = 0; i < pairs->count; i++) {
		const char *equals = strchr(pairs->items[i], '=');
		auto_free char *name = NULL;

		if (!equals)
			return error_set(err, STATUS_USAGE,
					 "Invalid syntax for --set, expecting name=value");
		name = text_copy_bytes(pairs->items[i], (size_t)(equals - pairs->items[i]));
		if (add_known(settings, &known, name, equals + 1, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (argument_given(call, options[i]) &&
		    add_known(settings, &known, options[i], argument_text(call, options[i]), err) <
			    0)
			return -1;
	if (!settings->count && (bits & BOTH) == BOTH)
		return error_set(err, STATUS_USAGE, "cannot query both live and config at once");
	return 0;
}

static const struct parameter schedule_rows[] = {PARAMETER_ROWS(SCHEDULE) PARAMETERS_END};
static const struct field schedule_results[] = {
	NAME_FIELD,
	FIELD("scheduler", "Scheduler      :", FIELD_TEXT, FIELD_NULL, "kind of scheduler"),
	PARAMETER_RESULTS(SCHEDULE) FIELDS_END,
};

static const struct option schedule_options[] = {
	DOMAIN(0, "guest whose CPU time is shared out"),
	{.kind = OPTION_TEXT,
	 .name = "weight",
	 .value = "number",
	 .help = "its share of CPU time (Xen)"},
	{.kind = OPTION_TEXT,
	 .name = "cap",
	 .value = "number",
	 .help = "most CPU time, in per cent (Xen)"},
	CURRENT("the guest if it runs, else its definition (default)"),
	CONFIG("its definition, for its next boot"),
	LIVE("the guest itself, while it runs"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL | REPEATS,
	 .name = "set",
	 .help = "parameters to set, such as cpu_shares=2048"},
	END,
};

const struct command schedinfo_command = {
	.name = "schedinfo",
	.target = MANY_DOMAINS(BY_ANY),
	.options = schedule_options,
	.rules = affected_rules,
	TUNES(schedule_results, .rows = schedule_rows, .get = get_schedule, .set = set_schedule,
	      .collect = collect_schedule, .after = AFTER_SET_ALL,
	      .getting = "Unable to get scheduler parameters",
	      .setting = "Unable to set scheduler parameters"),
	.summary = "show or set a guest's share of CPU time",
};
