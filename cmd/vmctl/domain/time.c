// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of a guest, and how fast it writes to its memory.
#include <limits.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/instant.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"

static int show_time(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	long long seconds;
	unsigned nanoseconds;
	auto_free char *exact = NULL, *shown = NULL;

	if (virDomainGetTime(domain, &seconds, &nanoseconds, 0) < 0)
		return domain_failure(err, domain, "Failed to get the time of domain '%s'",
				      virDomainGetName(domain));
	exact = instant_exact(seconds);
	shown = instant_utc(seconds);
	if (!exact || !shown)
		return error_set(err, STATUS_FAILED, "the guest's time %lld is out of range",
				 seconds);
	report_field(call->report, NULL, "time", value_text(exact));
	report_field(call->report, NULL, "seconds", value_integer(seconds));
	report_field(call->report, NULL, "nanoseconds", value_unsigned(nanoseconds));
	// As in virsh the line does not end.
	if (argument_flag(call, "pretty"))
		report_heading(call->report, "Time: %s", shown);
	else
		report_heading(call->report, "Time: %lld", seconds);
	return 0;
}

static int domtime(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	struct timespec now = {0};

	if (argument_given(call, "time"))
		now.tv_sec = (time_t)argument_integer(call, "time");
	else if (argument_flag(call, "now"))
		clock_gettime(CLOCK_REALTIME, &now);
	else if (!argument_flag(call, "sync"))
		return show_time(call, err);
	if (virDomainSetTime(domain, now.tv_sec, (unsigned)now.tv_nsec, argument_bits(call)) < 0)
		return domain_failure(err, domain, "Failed to set the time of domain '%s'",
				      virDomainGetName(domain));
	return 0;
}

static const struct option domtime_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest with the clock"),
	FLAG("now", 0, "set it to the time of this machine"),
	FLAG("pretty", 0, "show the time as people write it"),
	FLAG("sync", VIR_DOMAIN_TIME_SYNC, "set it by the guest's own hardware clock"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "time",
	 .least = LLONG_MIN,
	 .most = LLONG_MAX,
	 .help = "set it to this many seconds since 1970"},
	END,
};

static const struct field domtime_results[] = {
	FIELD("time", NULL, FIELD_TIME, FIELD_ASKED, "the guest's time, unless it was set"),
	FIELD("seconds", NULL, FIELD_SECONDS, FIELD_ASKED, "since 1970"),
	FIELD("nanoseconds", NULL, FIELD_NANOSECONDS, FIELD_ASKED, "beyond those seconds"),
	FIELDS_END,
};

const struct command domtime_command = {
	.name = "domtime",
	.target = MANY_DOMAINS(BY_ANY),
	.options = domtime_options,
	.rules = (const struct rule[]){EXCLUSIVE("time", "now", "sync"), RULES_END},
	.results = domtime_results,
	.summary = "show or set the clock of a guest, by its guest agent",
	.run = domtime,
};

// In the order of the bits of enum virDomainDirtyRateCalcFlags.
static const char *const modes[] = {"page-sampling", "dirty-bitmap", "dirty-ring", NULL};

static int domdirtyrate_calc(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	int seconds = argument_given(call, "seconds") ? (int)argument_integer(call, "seconds") : 1;
	unsigned mode = 0;
	const unsigned bits[] = {VIR_DOMAIN_DIRTYRATE_MODE_PAGE_SAMPLING,
				 VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_BITMAP,
				 VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING};

	if (argument_choice(call, "mode", &mode, err) < 0)
		return -1;
	if (virDomainStartDirtyRateCalc(domain, seconds, bits[mode]) < 0)
		return domain_failure(err, domain,
				      "Failed to measure the dirty rate of domain '%s'",
				      virDomainGetName(domain));
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_message(call->report,
		       "Start to calculate domain's memory dirty rate successfully.\n");
	return 0;
}

static const struct option domdirtyrate_calc_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_RUNNING, "guest that is measured"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "seconds",
	 .least = INT_MIN,
	 .most = INT_MAX,
	 .help = "how long (default: 1)"},
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "mode",
	 .words = modes,
	 .help = "how: page-sampling (the default), dirty-bitmap or dirty-ring"},
	END,
};

const struct command domdirtyrate_calc_command = {
	.name = "domdirtyrate-calc",
	.target = MANY_DOMAINS(BY_ANY),
	.options = domdirtyrate_calc_options,
	.results = named_results,
	.summary = "measure how fast a guest writes to its memory",
	.description =
		"Begins to measure and does not wait: domstats --dirtyrate shows the result. "
		"What is written faster than the network sends cannot be migrated live.",
	.run = domdirtyrate_calc,
};
