// SPDX-License-Identifier: GPL-3.0-or-later
// The SSH keys that may log in as a user of a guest, by its guest agent.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"

enum { KEYS_MOST = 10 * 1024 * 1024 }; // bytes

#define USER_GUEST DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that the user is in")

static int get_user_sshkeys(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	char **keys = NULL;
	int count = virDomainAuthorizedSSHKeysGet(domain, argument_text(call, "user"), &keys, 0);

	if (count < 0)
		return domain_failure(err, domain, "Failed to get the keys of '%s' in domain '%s'",
				      argument_text(call, "user"), virDomainGetName(domain));
	report_open_list(call->report, "keys");
	for (int i = 0; i < count; i++) {
		report_field(call->report, NULL, "keys", value_text(keys[i]));
		// As in virsh the last line does not end; there none does.
		report_heading(call->report, "%s%s", keys[i], i + 1 < count ? "\n" : "");
		free(keys[i]);
	}
	report_close(call->report);
	free(keys);
	return 0;
}

static const struct field keys_results[] = {
	FIELD("keys", NULL, FIELD_TEXTS, 0, "lines of its authorized_keys"),
	FIELDS_END,
};

const struct command get_user_sshkeys_command = {
	.name = "get-user-sshkeys",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){USER_GUEST, NEEDED("user", NULL, "name of the user"), END},
	.results = keys_results,
	.summary = "list the SSH keys that may log in as a user of a guest",
	.run = get_user_sshkeys,
};

// The lines of FILE that are not empty.
static int read_keys(const char *file, struct list *keys, struct error *err)
{
	auto_free char *content = file_read(file, KEYS_MOST, NULL, err);

	if (!content)
		return -1;
	*keys = list_split(content, "\n");
	return keys->count ? 0 : error_set(err, STATUS_FAILED, "File %s contains no keys", file);
}

static int set_user_sshkeys(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *user = argument_text(call, "user"), *file = argument_text(call, "file");
	unsigned bits = argument_bits(call);
	auto_list struct list keys = {0};

	if (file && read_keys(file, &keys, err) < 0)
		return -1;
	if (!argument_flag(call, "reset") && !argument_flag(call, "remove"))
		bits |= VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND;
	if (virDomainAuthorizedSSHKeysSet(domain, user, (const char **)keys.items,
					  (unsigned)keys.count, bits) < 0)
		return domain_failure(err, domain, "Failed to set the keys of '%s' in domain '%s'",
				      user, virDomainGetName(domain));
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_value(call->report, "user", value_text(user));
	return 0;
}

static const struct option set_user_sshkeys_options[] = {
	USER_GUEST,
	NEEDED("user", NULL, "name of the user"),
	TEXT("file", NULL, "file with keys to add, one a line"),
	FLAG("reset", 0, "remove all other keys"),
	FLAG("remove", VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE, "remove the keys in the file"),
	END,
};

static const struct field user_results[] = {
	NAME_FIELD,
	FIELD("user", NULL, FIELD_TEXT, 0, "whose keys they are"),
	FIELDS_END,
};

const struct command set_user_sshkeys_command = {
	.name = "set-user-sshkeys",
	.target = MANY_DOMAINS(BY_ANY),
	.options = set_user_sshkeys_options,
	.rules = (const struct rule[]){REQUIRES("remove", "file"), EXCLUSIVE("reset", "remove"),
				       ANY_OF("file", "reset"), RULES_END},
	.results = user_results,
	.summary = "set the SSH keys that may log in as a user of a guest",
	.run = set_user_sshkeys,
};
