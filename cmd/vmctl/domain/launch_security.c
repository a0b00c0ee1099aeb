// SPDX-License-Identifier: GPL-3.0-or-later
// Guests whose memory is encrypted against the host: measurements and secrets.
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/json.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/statistics.h"
#include "virt/typed.h"

enum { SECRET_MOST = 64 * 1024 }; // bytes, as in virsh

static int domlaunchsecinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virTypedParameterPtr items = NULL;
	int count = 0;

	if (virDomainGetLaunchSecurityInfo(domain, &items, &count, 0) < 0)
		return domain_failure(err, domain, "Unable to get launch security parameters");
	for (int i = 0; !report_is_json(call->report) && i < count; i++) {
		auto_free char *text = typed_text(&items[i]);

		report_heading(call->report, "%-15s: %s\n", items[i].field, text);
	}
	statistics_report(call->report, (struct statistics){items, (size_t)count});
	virTypedParamsFree(items, count);
	return 0;
}

static const struct field domlaunchsecinfo_results[] = {
	FIELD("sev_measurement", NULL, FIELD_TEXT, FIELD_ASKED, "measurement of its launch"),
	FIELD("sev_api_major", NULL, FIELD_INTEGER, FIELD_ASKED, "version of SEV"),
	FIELD("sev_api_minor", NULL, FIELD_INTEGER, FIELD_ASKED, "version of SEV"),
	FIELD("sev_build_id", NULL, FIELD_INTEGER, FIELD_ASKED, "build of SEV"),
	FIELD("sev_policy", NULL, FIELD_INTEGER, FIELD_ASKED, "policy of the guest"),
	FIELD("other", NULL, FIELD_ANY, FIELD_ASKED, "what a newer libvirt tells"),
	FIELDS_END,
};

const struct command domlaunchsecinfo_command = {
	.name = "domlaunchsecinfo",
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "the guest"),
	.results = domlaunchsecinfo_results,
	.summary = "show how the memory of a guest is protected from the host",
	.run = domlaunchsecinfo,
};

// Adds what FILE holds. A secret is in no argument, so it is in no list of processes and no log.
static int add_file(virTypedParameterPtr *items, int *counts, const char *field, const char *file,
		    struct error *err)
{
	auto_free char *content = file_read(file, SECRET_MOST, NULL, err);

	if (!content)
		return -1;
	if (virTypedParamsAddString(items, &counts[0], &counts[1], field, content) < 0)
		return virt_failure_plain(err);
	return 0;
}

static int domsetlaunchsecstate(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virTypedParameterPtr items = NULL;
	int counts[2] = {0}, failed;

	failed = add_file(&items, counts, VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET_HEADER,
			  argument_text(call, "secrethdr"), err);
	if (!failed)
		failed = add_file(&items, counts, VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET,
				  argument_text(call, "secret"), err);
	if (!failed && argument_given(call, "set-address"))
		failed = virTypedParamsAddULLong(
			&items, &counts[0], &counts[1],
			VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET_SET_ADDRESS,
			(unsigned long long)argument_integer(call, "set-address"));
	if (!failed && virDomainSetLaunchSecurityState(domain, items, counts[0], 0) < 0)
		failed = domain_failure(err, domain, "Unable to set launch security state");
	virTypedParamsFree(items, counts[0]);
	if (!failed)
		report_value(call->report, "name", value_text(virDomainGetName(domain)));
	return failed;
}

static const struct option domsetlaunchsecstate_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that gets the secret"),
	NAMED("secrethdr", NULL, "file with the header of the secret, base64"),
	NAMED("secret", NULL, "file with the secret, encrypted, base64"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "set-address",
	 .most = LLONG_MAX,
	 .help = "where in the guest's memory it is put"},
	END,
};

const struct command domsetlaunchsecstate_command = {
	.name = "domsetlaunchsecstate",
	.target = ONE_DOMAIN(BY_ANY),
	.options = domsetlaunchsecstate_options,
	.rules = (const struct rule[]){ANY_OF("secrethdr"), ANY_OF("secret"), RULES_END},
	.results = named_results,
	.summary = "put a secret into the protected memory of a guest that is still paused",
	.run = domsetlaunchsecstate,
};
