// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent inside a guest does for the host.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/failure.h"
#include "virt/hints.h"

static int domfstrim(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);

	if (virDomainFSTrim(domain, argument_text(call, "mountpoint"),
			    (unsigned long long)argument_integer(call, "minimum"), 0) < 0)
		return domain_failure(err, domain, "Unable to invoke fstrim");
	return 0;
}

static const struct option domfstrim_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose file systems are trimmed"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "minimum",
	 .most = LLONG_MAX,
	 .help = "leave free ranges alone that are shorter than this, in bytes"},
	TEXT("mountpoint", NULL, "only the file system mounted there"),
	END,
};

const struct command domfstrim_command = {
	.name = "domfstrim",
	.target = MANY_DOMAINS(BY_ANY),
	.options = domfstrim_options,
	.summary = "tell the host which blocks a guest's file systems do not use",
	.run = domfstrim,
};
