// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent inside a guest does for the host: file systems, passwords.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"

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

ACT(act_trim, virDomainFSTrim(object, argument_text(call, "mountpoint"),
			      (unsigned long long)argument_integer(call, "minimum"), 0))
const struct command domfstrim_command = {
	.name = "domfstrim",
	.target = MANY_DOMAINS(BY_ANY),
	.options = domfstrim_options,
	.summary = "discard the unused blocks of a guest's file systems",
	DOES(.act = act_trim, .failed = "Unable to invoke fstrim"),
};

// Mount points that are named, or all; how many file systems it was done to comes back.
typedef int (*on_mountpoints)(virDomainPtr domain, const char **mountpoints, unsigned count,
			      unsigned flags);

static int on_filesystems(struct call *call, on_mountpoints act, const char *verb,
			  struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const struct list *mountpoints = argument_list(call, "mountpoint");
	int count = act(domain, mountpoints->count ? (const char **)mountpoints->items : NULL,
			(unsigned)mountpoints->count, 0);

	if (count < 0)
		return domain_failure(err, domain, "Unable to %s filesystems",
				      act == virDomainFSFreeze ? "freeze" : "thaw");
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_value(call->report, "filesystems", value_integer(count));
	report_message(call->report, "%s %d filesystem(s)\n", verb, count);
	return 0;
}

static const struct field counted_results[] = {
	NAME_FIELD,
	FIELD("filesystems", NULL, FIELD_INTEGER, 0, "how many it was done to"),
	FIELDS_END,
};

static int domfsfreeze(struct call *call, struct error *err)
{
	return on_filesystems(call, virDomainFSFreeze, "Froze", err);
}

static int domfsthaw(struct call *call, struct error *err)
{
	return on_filesystems(call, virDomainFSThaw, "Thawed", err);
}

static const struct option mountpoint_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest with the file systems"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL,
	 .name = "mountpoint",
	 .help = "only the file systems mounted there"},
	END,
};

const struct command domfsfreeze_command = {
	.name = "domfsfreeze",
	.target = MANY_DOMAINS(BY_ANY),
	.options = mountpoint_options,
	.results = counted_results,
	.summary = "freeze the file systems of a guest, for a snapshot or a backup",
	.description = "Has the guest write out what it holds back, and write nothing more until "
		       "domfsthaw.",
	.run = domfsfreeze,
};

const struct command domfsthaw_command = {
	.name = "domfsthaw",
	.target = MANY_DOMAINS(BY_ANY),
	.options = mountpoint_options,
	.results = counted_results,
	.summary = "thaw the file systems of a guest",
	.run = domfsthaw,
};

static void report_filesystem(struct report *report, const virDomainFSInfo *info)
{
	report_open(report, NULL);
	report_field(report, NULL, "mountpoint", value_text(info->mountpoint));
	report_field(report, NULL, "name", value_text(info->name));
	report_field(report, NULL, "type", value_text(info->fstype));
	report_open_list(report, "targets");
	for (size_t i = 0; i < info->ndevAlias; i++)
		report_field(report, NULL, "targets", value_text(info->devAlias[i]));
	report_close(report);
	report_close(report);
}

// The same for people.
static void show_filesystem(struct report *report, const virDomainFSInfo *info)
{
	auto_text struct text targets = {0};

	for (size_t i = 0; i < info->ndevAlias; i++)
		text_append_format(&targets, "%s%s", i ? "," : "", info->devAlias[i]);
	report_row(report, (struct value[]){
				   value_text(info->mountpoint),
				   value_text(info->name),
				   value_text(info->fstype),
				   value_text(text_string(&targets)),
			   });
}

static const struct field domfsinfo_results[] = {
	FIELD("mountpoint", "Mountpoint", FIELD_TEXT, 0, "where the guest has it"),
	FIELD("name", "Name", FIELD_TEXT, 0, "the guest's device, such as vda1"),
	FIELD("type", "Type", FIELD_TEXT, 0, "such as ext4"),
	FIELD("targets", "Target", FIELD_TEXTS, 0, "the disks of the guest that it is on"),
	FIELDS_END,
};

static int domfsinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virDomainFSInfoPtr *infos = NULL;
	bool json = report_is_json(call->report);
	int count = virDomainGetFSInfo(domain, &infos, 0);

	if (count < 0)
		return domain_failure(err, domain, "Unable to get filesystem information");
	if (json)
		report_open_list(call->report, NULL);
	else if (count)
		report_list(call->report, NULL, TABLE_RULED, 0);
	else
		report_message(call->report, "No filesystems are mounted in the domain");
	for (int i = 0; i < count; i++) {
		(json ? report_filesystem : show_filesystem)(call->report, infos[i]);
		virDomainFSInfoFree(infos[i]);
	}
	free(infos);
	return 0;
}

const struct command domfsinfo_command = {
	.name = "domfsinfo",
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose file systems are wanted"),
	.shape = SHAPE_LIST,
	.results = domfsinfo_results,
	.summary = "list the file systems that a guest has mounted",
	.run = domfsinfo,
};

static const struct option guest_agent_timeout_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest with the agent"),
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .least = VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK,
	 .most = INT_MAX,
	 .help = "seconds; -2 for ever (the default), -1 as long as libvirt waits by itself, 0 not "
		 "at all"},
	END,
};

static int agent_timeout(const struct call *call)
{
	return argument_given(call, "timeout") ? (int)argument_integer(call, "timeout")
					       : VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK;
}

ACT(act_timeout, virDomainAgentSetResponseTimeout(object, agent_timeout(call), 0))
const struct command guest_agent_timeout_command = {
	.name = "guest-agent-timeout",
	.target = MANY_DOMAINS(BY_ANY),
	.options = guest_agent_timeout_options,
	.summary = "set how long libvirt waits for the answers of a guest agent",
	DOES(.act = act_timeout, .failed = "Failed to set the agent timeout of domain '%s'"),
};

static int set_user_password(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *user = argument_text(call, "user");

	if (virDomainSetUserPassword(domain, user, argument_text(call, "password"),
				     argument_bits(call)) < 0)
		return domain_failure(err, domain,
				      "Failed to set the password of '%s' in domain "
				      "'%s'",
				      user, virDomainGetName(domain));
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_value(call->report, "user", value_text(user));
	report_message(call->report, "Password set successfully for %s in %s", user,
		       call->object.typed);
	return 0;
}

static const struct option set_user_password_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that the user is in"),
	NEEDED("user", NULL, "name of the user"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL | CONFIDENTIAL,
	 .name = "password",
	 .help = "the new password"},
	FLAG("encrypted", VIR_DOMAIN_PASSWORD_ENCRYPTED, "the password is hashed already"),
	END,
};

static const struct field user_results[] = {
	NAME_FIELD,
	FIELD("user", NULL, FIELD_TEXT, 0, "whose password it is"),
	FIELDS_END,
};

const struct command set_user_password_command = {
	.name = "set-user-password",
	.target = MANY_DOMAINS(BY_ANY),
	.options = set_user_password_options,
	.results = user_results,
	.summary = "set the password of a user in a guest, by its guest agent",
	.description =
		"Sets a password. What is given on a command line can be read in the list of "
		"processes: in the shell, or as a line on standard input, it cannot.",
	.run = set_user_password,
};
