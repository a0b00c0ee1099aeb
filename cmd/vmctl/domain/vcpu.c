// SPDX-License-Identifier: GPL-3.0-or-later
// The vCPUs of a guest.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/hints.h"

static int setvcpus(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned count = (unsigned)argument_integer(call, "count");
	unsigned bits = argument_bits(call);
	bool plain = !bits && !argument_flag(call, "current");

	if ((plain ? virDomainSetVcpus(domain, count)
		   : virDomainSetVcpusFlags(domain, count, bits)) < 0)
		return domain_failure(err, domain, "Failed to set the vCPUs of domain '%s'",
				      virDomainGetName(domain));
	return 0;
}

static const struct option setvcpus_options[] = {
	DOMAIN(0, "guest whose vCPUs are to change"),
	{.kind = OPTION_INTEGER,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "count",
	 .least = 1,
	 .most = INT_MAX,
	 .help = "how many it has from now on"},
	FLAG("maximum", VIR_DOMAIN_VCPU_MAXIMUM,
	     "how many it may ever have, from its next start on"),
	CONFIG("from its next start on"),
	LIVE("while it runs"),
	CURRENT("in the state it is in"),
	FLAG("guest", VIR_DOMAIN_VCPU_GUEST, "let the agent in the guest switch them on or off"),
	FLAG("hotpluggable", VIR_DOMAIN_VCPU_HOTPLUGGABLE, "added ones can be unplugged again"),
	END,
};

static const struct rule setvcpus_rules[] = {
	EXCLUSIVE("current", "live"),
	EXCLUSIVE("current", "config"),
	EXCLUSIVE("guest", "config"),
	REQUIRES("maximum", "config"),
	RULES_END,
};

const struct command setvcpus_command = {
	.name = "setvcpus",
	.target = MANY_DOMAINS(BY_ANY),
	.options = setvcpus_options,
	.rules = setvcpus_rules,
	.summary = "change how many vCPUs a guest has",
	.run = setvcpus,
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
		return virt_failure(err, "Failed to get the number of vCPUs of domain '%s'",
				    virDomainGetName(call_domain(call)));
	report_field(call->report, "", "count", value_integer(count));
	return 0;
}

static const struct option vcpucount_options[] = {
	DOMAIN(0, "guest whose vCPUs are to be counted"),
	FLAG("maximum", VIR_DOMAIN_VCPU_MAXIMUM, "how many it may have"),
	FLAG("active", 0, "how many it has"),
	LIVE("while it runs"),
	CONFIG("from its next start on"),
	CURRENT("in the state it is in"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "guest",
	 .bit = VIR_DOMAIN_VCPU_GUEST,
	 .help = "as the agent in the guest sees it"},
	END,
};

static const struct rule vcpucount_rules[] = {
	EXCLUSIVE("live", "config"),
	EXCLUSIVE("active", "maximum"),
	EXCLUSIVE("guest", "config"),
	RULES_END,
};

const struct command vcpucount_command = {
	.name = "vcpucount",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = vcpucount_options,
	.rules = vcpucount_rules,
	.summary = "count the vCPUs of a guest",
	.run = vcpucount,
};
