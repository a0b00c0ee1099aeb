// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of a guest that serve its disks.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cpus.h"
#include "virt/hints.h"
#include "virt/parameters.h"
#include "virt/session.h"

static const struct field info_fields[] = {
	FIELD("id", "IOThread ID", FIELD_INTEGER, 0, "its number"),
	FIELD("cpus", "CPU Affinity", FIELD_TEXT, 0, "CPUs that it may run on, such as 0-3"),
	FIELDS_END,
};

static const struct field info_results[] = {
	NAME_FIELD,
	FIELD_OF("iothreads", FIELD_LIST, 0, info_fields, "its IOThreads"),
	FIELDS_END,
};

static int iothreadinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virDomainIOThreadInfoPtr *threads = NULL;
	int count = virDomainGetIOThreadInfo(domain, &threads, argument_bits(call));

	if (count < 0)
		return domain_failure(err, domain, "Unable to get domain IOThreads information");
	report_value(call->report, "name", value_text(call_name(call)));
	if (count == 0 && !report_is_json(call->report))
		report_message(call->report, "No IOThreads found for the domain");
	else
		report_list(call->report, "iothreads", TABLE_RULED, 0);
	for (int i = 0; i < count; i++) {
		auto_free char *cpus = cpus_text(threads[i]->cpumap, threads[i]->cpumaplen);

		report_row(call->report, (struct value[]){value_unsigned(threads[i]->iothread_id),
							  value_text(cpus)});
		virDomainIOThreadInfoFree(threads[i]);
	}
	free(threads);
	return 0;
}

const struct command iothreadinfo_command = {
	.name = "iothreadinfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest whose IOThreads are wanted"), AFFECTED,
					   END},
	.rules = affected_rules,
	.results = info_results,
	.summary = "list the IOThreads of a guest",
	.run = iothreadinfo,
};

#define IOTHREAD(name_)                                                                            \
	{                                                                                          \
		.kind = OPTION_INTEGER, .traits = REQUIRED | POSITIONAL, .name = (name_),          \
		.least = 1, .most = INT_MAX, .help = "number of the IOThread"                      \
	}

static const struct option id_options[] = {
	DOMAIN(0, "guest that the IOThread is of"),
	IOTHREAD("id"),
	AFFECTED,
	END,
};

#define ID ((unsigned)argument_integer(call, "id"))
ACT(add, virDomainAddIOThread(object, ID, bits))
const struct command iothreadadd_command = {
	.name = "iothreadadd",
	.target = MANY_DOMAINS(BY_ANY),
	.options = id_options,
	.rules = affected_rules,
	DOES(.act = add, .failed = "Failed to add an IOThread to domain '%s'"),
	.summary = "add an IOThread to a guest",
};

ACT(delete, virDomainDelIOThread(object, ID, bits))
const struct command iothreaddel_command = {
	.name = "iothreaddel",
	.target = MANY_DOMAINS(BY_ANY),
	.options = id_options,
	.rules = affected_rules,
	DOES(.act = delete, .failed = "Failed to remove an IOThread of domain '%s'"),
	.summary = "remove an IOThread of a guest",
};

static int iothreadpin(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	int count = cpus_count(session_connection(call), err);
	unsigned id = (unsigned)argument_integer(call, "iothread");
	auto_free unsigned char *map = NULL;

	if (count < 0)
		return -1;
	map = cpus_parse(argument_text(call, "cpulist"), count, err);
	if (!map)
		return -1;
	if (virDomainPinIOThread(domain, id, map, VIR_CPU_MAPLEN(count), argument_bits(call)) < 0)
		return domain_failure(err, domain, "Failed to pin IOThread %u of domain '%s'", id,
				      virDomainGetName(domain));
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command iothreadpin_command = {
	.name = "iothreadpin",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(0, "guest that the IOThread is of"),
					IOTHREAD("iothread"),
					NEEDED("cpulist", cpu_numbers,
					       "CPUs that it may run on, such as 0-3,^2; r: all"),
					AFFECTED, END},
	.rules = affected_rules,
	.results = named_results,
	.summary = "set the CPUs of the host that an IOThread may run on",
	.run = iothreadpin,
};

// clang-format off
#define SETTINGS(SET, SHOW) \
	SET("poll-max-ns", VIR_DOMAIN_IOTHREAD_POLL_MAX_NS, LONG, "longest time to poll, in nanoseconds; 0: never") \
	SET("poll-grow", VIR_DOMAIN_IOTHREAD_POLL_GROW, NUMBER, "factor that the time to poll grows by; 0: QEMU's") \
	SET("poll-shrink", VIR_DOMAIN_IOTHREAD_POLL_SHRINK, NUMBER, "divisor that the time to poll shrinks by; 0: QEMU's") \
	SET("thread-pool-min", VIR_DOMAIN_IOTHREAD_THREAD_POOL_MIN, INTEGER, "fewest worker threads; -1: QEMU's") \
	SET("thread-pool-max", VIR_DOMAIN_IOTHREAD_THREAD_POOL_MAX, INTEGER, "most worker threads; -1: QEMU's")
// clang-format on

PARAMETERS_SET(set_parameters,
	       virDomainSetIOThreadParams(call_domain(call), ID, values, count, flags))

static const struct parameter rows[] = {PARAMETER_ROWS(SETTINGS) PARAMETERS_END};
static const struct option set_options[] = {DOMAIN(0, "guest that the IOThread is of"),
					    IOTHREAD("id"), PARAMETER_OPTIONS(SETTINGS) AFFECTED,
					    END};

const struct command iothreadset_command = {
	.name = "iothreadset",
	.target = MANY_DOMAINS(BY_ANY),
	.options = set_options,
	.rules = affected_rules,
	TUNES(named_results, .rows = rows, .set = set_parameters, .needs = true,
	      .setting = "Failed to change the IOThread"),
	.summary = "change how an IOThread of a guest works",
};
