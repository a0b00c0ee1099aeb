// SPDX-License-Identifier: GPL-3.0-or-later
// The CPUs of the host that a guest's threads may run on.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cpus.h"
#include "virt/hints.h"
#include "virt/parameters.h"
#include "virt/session.h"

static void report_name(struct call *call)
{
	report_value(call->report, "name", value_text(call_name(call)));
}

// What --cpulist names, the caller's; the length in bytes goes to *LENGTH.
static unsigned char *typed_cpus(struct call *call, int *length, struct error *err)
{
	int count = cpus_count(session_connection(call), err);

	*length = VIR_CPU_MAPLEN(count);
	return count < 0 ? NULL : cpus_parse(argument_text(call, "cpulist"), count, err);
}

static const struct field vcpu_pin_fields[] = {
	FIELD("vcpu", "VCPU", FIELD_INTEGER, 0, "number of the vCPU"),
	FIELD("cpus", "CPU Affinity", FIELD_TEXT, 0, "CPUs that it may run on, such as 0-3"),
	FIELDS_END,
};

static const struct field vcpu_pin_results[] = {
	NAME_FIELD,
	FIELD_OF("vcpus", FIELD_LIST, FIELD_ASKED, vcpu_pin_fields, "where vCPUs may run"),
	FIELDS_END,
};

static void report_pins(struct call *call, const unsigned char *maps, int length, int count)
{
	report_list(call->report, "vcpus", TABLE_RULED, 0);
	for (int i = 0; i < count; i++) {
		auto_free char *cpus = cpus_text(VIR_GET_CPUMAP(maps, length, i), length);

		if (!argument_given(call, "vcpu") || argument_integer(call, "vcpu") == i)
			report_row(call->report,
				   (struct value[]){value_integer(i), value_text(cpus)});
	}
}

static int show_vcpu_pins(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned bits = argument_bits(call);
	int most = virDomainGetVcpusFlags(domain, bits | VIR_DOMAIN_VCPU_MAXIMUM);
	int cpus = most < 0 ? -1 : cpus_count(session_connection(call), err);
	auto_free unsigned char *maps = NULL;
	int length = VIR_CPU_MAPLEN(cpus), count;

	if (bits == (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG))
		return error_set(err, STATUS_USAGE,
				 "options --live and --config are mutually exclusive");
	if (most < 0)
		return domain_failure(err, domain, "Failed to count the vCPUs of domain '%s'",
				      virDomainGetName(domain));
	if (cpus < 0)
		return -1;
	if (argument_integer(call, "vcpu") >= most)
		return error_set(err, STATUS_NOT_FOUND, "there is no vCPU %lld: the guest has %d",
				 argument_integer(call, "vcpu"), most);
	maps = memory_new((size_t)most, (size_t)length);
	count = virDomainGetVcpuPinInfo(domain, most, maps, length, bits);
	if (count < 0)
		return domain_failure(err, domain, "Failed to get the pinning of domain '%s'",
				      virDomainGetName(domain));
	report_pins(call, maps, length, count);
	return 0;
}

static int vcpupin(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned vcpu = (unsigned)argument_integer(call, "vcpu"), bits = argument_bits(call);
	bool plain = !bits && !argument_flag(call, "current");
	auto_free unsigned char *map = NULL;
	int length;

	report_name(call);
	if (!argument_given(call, "cpulist"))
		return show_vcpu_pins(call, err);
	map = typed_cpus(call, &length, err);
	if (!map)
		return -1;
	if ((plain ? virDomainPinVcpu(domain, vcpu, map, length)
		   : virDomainPinVcpuFlags(domain, vcpu, map, length, bits)) < 0)
		return domain_failure(err, domain, "Failed to pin vCPU %u of domain '%s'", vcpu,
				      virDomainGetName(domain));
	return 0;
}

#define CPULIST                                                                                    \
	{                                                                                          \
		.kind = OPTION_TEXT, .traits = POSITIONAL | EMPTY_OK, .name = "cpulist",           \
		.candidates = cpu_numbers,                                                         \
		.help = "CPUs that it may run on from now on, such as 0-3,^2; r: all"              \
	}

static const struct option vcpupin_options[] = {
	DOMAIN(0, "guest whose vCPUs are pinned"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "vcpu",
	 .most = INT_MAX,
	 .candidates = domain_vcpus,
	 .help = "number of the vCPU"},
	CPULIST,
	AFFECTED,
	END,
};

const struct command vcpupin_command = {
	.name = "vcpupin",
	.target = MANY_DOMAINS(BY_ANY),
	.options = vcpupin_options,
	.rules = (const struct rule[]){AFFECTED_RULES, REQUIRES("cpulist", "vcpu"), RULES_END},
	.results = vcpu_pin_results,
	.summary = "show or set the CPUs of the host that a vCPU may run on",
	.run = vcpupin,
};

static int show_emulator_pin(struct call *call, struct error *err)
{
	int count = cpus_count(session_connection(call), err), length = VIR_CPU_MAPLEN(count);
	auto_free unsigned char *map = NULL;
	auto_free char *cpus = NULL;

	if (count < 0)
		return -1;
	map = memory_new((size_t)length, 1);
	if (virDomainGetEmulatorPinInfo(call_domain(call), map, length, argument_bits(call)) < 0)
		return domain_failure(err, call_domain(call),
				      "Failed to get the pinning of the emulator of domain '%s'",
				      call_name(call));
	cpus = cpus_text(map, length);
	if (!report_is_json(call->report))
		report_message(call->report,
			       "emulator: CPU Affinity\n----------------------------------\n"
			       "       *: ");
	report_value(call->report, "cpus", value_text(cpus));
	return 0;
}

static int emulatorpin(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned bits = argument_bits(call);
	auto_free unsigned char *map = NULL;
	int length;

	report_name(call);
	if (!argument_given(call, "cpulist"))
		return show_emulator_pin(call, err);
	map = typed_cpus(call, &length, err);
	if (!map)
		return -1;
	if (virDomainPinEmulator(domain, map, length, bits) < 0)
		return domain_failure(err, domain, "Failed to pin the emulator of domain '%s'",
				      virDomainGetName(domain));
	return 0;
}

static const struct field emulator_results[] = {
	NAME_FIELD,
	FIELD("cpus", "", FIELD_TEXT, FIELD_ASKED, "CPUs that it may run on, such as 0-3"),
	FIELDS_END,
};

const struct command emulatorpin_command = {
	.name = "emulatorpin",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest whose emulator is pinned"), CPULIST,
					   AFFECTED, END},
	.rules = affected_rules,
	.results = emulator_results,
	.summary = "show or set the CPUs of the host that a guest's emulator may run on",
	.run = emulatorpin,
};
