// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a guest moves, how long it may stand still for that, and the end of a job.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/error.h"
#include "base/number.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/kinds.h"

#define MOVING DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that moves, or will")
#define POSTCOPY FLAG("postcopy", VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY, "of post-copy")

static int get_speed(struct call *call, struct error *err)
{
	unsigned long speed;

	if (virDomainMigrateGetMaxSpeed(call_domain(call), &speed, argument_bits(call)) < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "bandwidth", value_unsigned((unsigned long long)speed << 20));
	report_heading(call->report, "%lu\n", speed);
	return 0;
}

static const struct field speed_results[] = {
	NAME_FIELD,
	FIELD("bandwidth", NULL, FIELD_BYTES_PER_SECOND, 0, "most that is sent a second"),
	FIELDS_END,
};

const struct command migrate_getspeed_command = {
	.name = "migrate-getspeed", // libvirt wants the full connection for it
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING, POSTCOPY, END},
	.results = speed_results,
	.summary = "show the maximum bandwidth of a migration, in MiB a second",
	.run = get_speed,
};

static int set_speed(struct call *call, struct error *err)
{
	if (virDomainMigrateSetMaxSpeed(call_domain(call),
					(unsigned long)argument_integer(call, "bandwidth"),
					argument_bits(call)) < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command migrate_setspeed_command = {
	.name = "migrate-setspeed",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING,
					   {.kind = OPTION_INTEGER,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "bandwidth",
					    .most = LONG_MAX,
					    .help = "most that is sent, in MiB a second"},
					   POSTCOPY,
					   END},
	.results = named_results,
	.summary = "set the maximum bandwidth of a migration",
	.run = set_speed,
};

static int get_downtime(struct call *call, struct error *err)
{
	unsigned long long downtime;

	if (virDomainMigrateGetMaxDowntime(call_domain(call), &downtime, 0) < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "downtime", value_unsigned(downtime));
	report_heading(call->report, "%llu\n", downtime);
	return 0;
}

static const struct field downtime_results[] = {
	NAME_FIELD,
	FIELD("downtime", NULL, FIELD_MILLISECONDS, 0, "how long it may stand still"),
	FIELDS_END,
};

const struct command migrate_getmaxdowntime_command = {
	.name = "migrate-getmaxdowntime",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING, END},
	.results = downtime_results,
	.summary = "show the maximum downtime of a migration, in milliseconds",
	.run = get_downtime,
};

static int set_downtime(struct call *call, struct error *err)
{
	if (virDomainMigrateSetMaxDowntime(call_domain(call),
					   (unsigned long long)argument_integer(call, "downtime"),
					   0) < 0)
		return virt_failure_plain(err);
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command migrate_setmaxdowntime_command = {
	.name = "migrate-setmaxdowntime",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING,
					   {.kind = OPTION_INTEGER,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "downtime",
					    .least = 1,
					    .most = LLONG_MAX,
					    .help = "milliseconds"},
					   END},
	.results = named_results,
	.summary = "set the maximum downtime of a migration",
	.run = set_downtime,
};

static int cache(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned long long size;
	const char *unit;
	double scaled;

	if (argument_given(call, "size") &&
	    virDomainMigrateSetCompressionCache(domain, argument_size(call, "size"), 0) < 0)
		return virt_failure_plain(err);
	if (virDomainMigrateGetCompressionCache(domain, &size, 0) < 0)
		return virt_failure_plain(err);
	scaled = size_scale(size, &unit);
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "size", value_unsigned(size));
	report_heading(call->report, "Compression cache: %.3f %s", scaled, unit);
	return 0;
}

static const struct field cache_results[] = {
	NAME_FIELD,
	FIELD("size", NULL, FIELD_BYTES, 0, "of the cache"),
	FIELDS_END,
};

const struct command migrate_compcache_command = {
	.name = "migrate-compcache",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING,
					   {.kind = OPTION_SIZE,
					    .name = "size",
					    .unit = 1,
					    .help = "set it, in bytes or with a suffix"},
					   END},
	.results = cache_results,
	.summary = "show or set the cache that compresses repeated pages",
	.run = cache,
};

ACT(start_postcopy, virDomainMigrateStartPostCopy(object, bits))
const struct command migrate_postcopy_command = {
	.name = "migrate-postcopy",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){MOVING, END},
	.summary = "switch a migration with --postcopy to post-copy now",
	DOES(.act = start_postcopy, .failed = "cannot switch '%s' to post-copy"),
};

ACT(abort_job, virDomainAbortJobFlags(object, bits))
const struct command domjobabort_command = {
	.name = "domjobabort",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE,
						  "guest with the job"),
					   FLAG("postcopy", VIR_DOMAIN_ABORT_JOB_POSTCOPY,
						"interrupt a post-copy migration"),
					   END},
	.summary = "abort the job of a guest: a migration, save or dump",
	DOES(.act = abort_job, .failed = "cannot end the job of '%s'"),
};
