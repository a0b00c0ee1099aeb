// SPDX-License-Identifier: GPL-3.0-or-later
// How many vCPUs a guest has, and which of them are on.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/parameters.h"

static int set_count(struct call *call, void *domain, unsigned bits)
{
	unsigned count = (unsigned)argument_integer(call, "count");

	if (!bits && !argument_flag(call, "current"))
		return virDomainSetVcpus(domain, count);
	return virDomainSetVcpusFlags(domain, count, bits);
}

static const struct option setvcpus_options[] = {
	DOMAIN(0, "guest whose vCPUs are to change"),
	{.kind = OPTION_INTEGER,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "count",
	 .least = 1,
	 .most = INT_MAX,
	 .help = "their new number"},
	FLAG("maximum", VIR_DOMAIN_VCPU_MAXIMUM,
	     "how many it may ever have, from its next start on"),
	AFFECTED,
	FLAG("guest", VIR_DOMAIN_VCPU_GUEST, "let the agent in the guest switch them on or off"),
	FLAG("hotpluggable", VIR_DOMAIN_VCPU_HOTPLUGGABLE, "added ones can be unplugged again"),
	END,
};

static const struct rule setvcpus_rules[] = {
	AFFECTED_RULES,
	EXCLUSIVE("guest", "config"),
	REQUIRES("maximum", "config"),
	RULES_END,
};

const struct command setvcpus_command = {
	.name = "setvcpus",
	.target = MANY_DOMAINS(BY_ANY),
	.options = setvcpus_options,
	.rules = setvcpus_rules,
	DOES(.act = set_count, .failed = "Failed to set the vCPUs of domain '%s'"),
	.summary = "change how many vCPUs a guest has",
};

#define ENABLE FLAG("enable", 0, "switch them on")
#define DISABLE FLAG("disable", 0, "switch them off")

ACT(switch_vcpus,
    virDomainSetVcpu(object, argument_text(call, "vcpulist"), argument_flag(call, "enable"), bits))

static const struct option setvcpu_options[] = {
	DOMAIN(0, "guest whose vCPUs are switched"),
	NEEDED("vcpulist", domain_vcpus, "vCPUs that are meant, such as 2-3"),
	ENABLE,
	DISABLE,
	AFFECTED,
	END,
};

const struct command setvcpu_command = {
	.name = "setvcpu",
	.target = MANY_DOMAINS(BY_ANY),
	.options = setvcpu_options,
	.rules = (const struct rule[]){AFFECTED_RULES, EXCLUSIVE("config", "live"),
				       ONE_OF("enable", "disable"), RULES_END},
	DOES(.act = switch_vcpus, .failed = "Failed to switch vCPUs of domain '%s'"),
	.summary = "switch single vCPUs of a guest on or off",
};

static int get_guest_vcpus(struct call *call, virTypedParameterPtr *values, int *count,
			   unsigned flags)
{
	unsigned number = 0;
	int status = virDomainGetGuestVcpus(call_domain(call), values, &number, flags);

	*count = (int)number;
	return status;
}

static int guestvcpus(struct call *call, struct error *err)
{
	const char *list = argument_text(call, "cpulist");

	if (!list)
		return parameters_run(call, err);
	if (virDomainSetGuestVcpus(call_domain(call), list, argument_flag(call, "enable"), 0) < 0)
		return domain_failure(err, call_domain(call),
				      "Failed to switch vCPUs in domain '%s'", call_name(call));
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

// clang-format off
#define GUEST_VCPUS(SET, SHOW) \
	SHOW("vcpus", TEXT, "vCPUs that the guest knows, such as 0-3") \
	SHOW("online", TEXT, "those that are on") \
	SHOW("offlinable", TEXT, "those that can be switched off")
// clang-format on

static const struct parameter guest_rows[] = {PARAMETER_ROWS(GUEST_VCPUS) PARAMETERS_END};
static const struct field guest_results[] = {NAME_FIELD, PARAMETER_RESULTS(GUEST_VCPUS) FIELDS_END};
static const struct option guest_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose agent is asked"),
	TEXT("cpulist", NULL, "vCPUs that are meant, such as 2-3"),
	ENABLE,
	DISABLE,
	END,
};

const struct command guestvcpus_command = {
	.name = "guestvcpus",
	.target = MANY_DOMAINS(BY_ANY),
	.options = guest_options,
	.rules =
		(const struct rule[]){EXCLUSIVE("enable", "disable"), REQUIRES("enable", "cpulist"),
				      REQUIRES("disable", "cpulist"),
				      REQUIRES_ANY("cpulist", "enable", "disable"), RULES_END},
	.results = guest_results,
	.run = guestvcpus,
	ACTION(.parameters =
		       &(const struct parameters){
			       .rows = guest_rows,
			       .get = get_guest_vcpus,
			       .getting = "Failed to get the vCPUs that the guest sees",
		       }),
	.summary = "show or switch the vCPUs that the agent in a guest sees",
};

// The number where the guest has such a configuration, 0 where it has not, -1 on failure.
static int count_where(virDomainPtr domain, unsigned bits, struct error *err)
{
	int count;

	if ((bits & VIR_DOMAIN_AFFECT_LIVE && virDomainIsActive(domain) != 1) ||
	    (bits & VIR_DOMAIN_AFFECT_CONFIG && virDomainIsPersistent(domain) != 1))
		return 0;
	count = virDomainGetVcpusFlags(domain, bits);
	return count < 0 ? virt_failure_plain(err) : count;
}

static int report_all_counts(struct call *call, struct error *err)
{
	static const struct {
		const char *which, *where, *key;
		unsigned bits;
	} counts[] = {
		{"maximum", "config", "maximum_config",
		 VIR_DOMAIN_VCPU_MAXIMUM | VIR_DOMAIN_AFFECT_CONFIG},
		{"maximum", "live", "maximum_live",
		 VIR_DOMAIN_VCPU_MAXIMUM | VIR_DOMAIN_AFFECT_LIVE},
		{"current", "config", "current_config", VIR_DOMAIN_AFFECT_CONFIG},
		{"current", "live", "current_live", VIR_DOMAIN_AFFECT_LIVE},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		int count = count_where(call_domain(call), counts[i].bits, err);
		auto_free char *title = NULL, *shown = NULL;

		if (count < 0)
			return -1;
		title = count ? text_format("%-12s %-12s", counts[i].which, counts[i].where) : NULL;
		shown = text_format("%3d", count);
		report_field(call->report, title, counts[i].key,
			     count ? value_shown(value_integer(count), shown) : value_absent());
	}
	return 0;
}

static int vcpucount(struct call *call, struct error *err)
{
	bool maximum = argument_flag(call, "maximum"), active = argument_flag(call, "active");
	bool current = argument_flag(call, "current");
	unsigned bits = argument_bits(call);
	int count;

	report_value(call->report, "name", value_text(call_name(call)));
	if (!bits && !active && !current)
		return report_all_counts(call, err);
	// Long ago --current meant what --active means now; only beside --active or --maximum it is
	// the state that the guest is in.
	if (current && (maximum || active) &&
	    bits & (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG))
		return error_set(err, STATUS_USAGE,
				 "option --current excludes --live and --config");
	count = virDomainGetVcpusFlags(call_domain(call), bits);
	if (count < 0)
		return domain_failure(err, call_domain(call),
				      "Failed to get the number of vCPUs of domain '%s'",
				      virDomainGetName(call_domain(call)));
	report_value(call->report, "count", value_integer(count));
	return 0;
}

static const struct option vcpucount_options[] = {
	DOMAIN(0, "guest whose vCPUs are to be counted"),
	FLAG("maximum", VIR_DOMAIN_VCPU_MAXIMUM, "how many it may have"),
	FLAG("active", 0, "how many it has"),
	LIVE("while it runs"),
	CONFIG("from its next start on"),
	CURRENT("the guest if it runs, else its definition"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "guest",
	 .bit = VIR_DOMAIN_VCPU_GUEST,
	 .help = "as the agent in the guest sees it"},
	END,
};

#define COUNT_FIELD(key_, help_) FIELD(key_, NULL, FIELD_INTEGER, FIELD_NULL | FIELD_ASKED, help_)
static const struct field vcpucount_results[] = {
	NAME_FIELD,
	COUNT_FIELD("maximum_config", "how many it may have from its next start on"),
	COUNT_FIELD("maximum_live", "how many it may have while it runs"),
	COUNT_FIELD("current_config", "how many it has from its next start on"),
	COUNT_FIELD("current_live", "how many it has while it runs"),
	FIELD("count", "", FIELD_INTEGER, FIELD_ASKED, "the one number that options asked for"),
	FIELDS_END,
};

const struct command vcpucount_command = {
	.name = "vcpucount",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = vcpucount_options,
	.rules = (const struct rule[]){EXCLUSIVE("live", "config"), EXCLUSIVE("active", "maximum"),
				       EXCLUSIVE("guest", "config"), RULES_END},
	.results = vcpucount_results,
	.summary = "count the vCPUs of a guest",
	.run = vcpucount,
};
