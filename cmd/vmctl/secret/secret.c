// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets that libvirt keeps for guests and pools.
#include "base/text.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"

static const char *usage_type(virSecretPtr secret)
{
	static const char *const names[] = {"none", "volume", "ceph", "iscsi", "tls", "vtpm"};
	int type = virSecretGetUsageType(secret);

	return type >= 0 && type < (int)(sizeof(names) / sizeof(*names)) ? names[type] : "unknown";
}

static void ask_usage(const struct looked *looked, struct cell *cell)
{
	virSecretPtr secret = looked->object;

	if (virSecretGetUsageType(secret) == VIR_SECRET_USAGE_TYPE_NONE)
		cell_none(cell, "Unused");
	else
		cell_own(cell,
			 text_format("%s %s", usage_type(secret), virSecretGetUsageID(secret)));
}
ASK(ask_type, cell_text(cell, usage_type(looked->object)))
ASK(ask_id,
    cell_text(cell,
	      virSecretGetUsageType(looked->object) ? virSecretGetUsageID(looked->object) : NULL))

static const struct field list_results[] = {
	FOUND("uuid", "UUID", FIELD_TEXT, 0, "its UUID", FROM_UUID),
	FOUND("usage", "Usage", FIELD_TEXT, FIELD_NULL, "what it is for: type and id",
	      FROM_ASK(ask_usage)),
	FOUND("usage_type", NULL, FIELD_TEXT, 0, "volume, ceph, iscsi, tls, vtpm or none",
	      FROM_ASK(ask_type)),
	FOUND("usage_id", NULL, FIELD_TEXT, FIELD_NULL, "volume, name or target that it is for",
	      FROM_ASK(ask_id)),
	FOUND("ephemeral", NULL, FIELD_BOOLEAN, 0, "whether it is kept in memory alone",
	      FROM_MEMBER(VIR_CONNECT_LIST_SECRETS_EPHEMERAL, NULL, NULL)),
	FOUND("private", NULL, FIELD_BOOLEAN, 0, "whether its value is never shown",
	      FROM_MEMBER(VIR_CONNECT_LIST_SECRETS_PRIVATE, NULL, NULL)),
	FIELDS_END,
};

static const struct option list_options[] = {
	FLAG("ephemeral", VIR_CONNECT_LIST_SECRETS_EPHEMERAL, "those that are never on disk"),
	FLAG("no-ephemeral", VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL, "those that are on disk"),
	FLAG("private", VIR_CONNECT_LIST_SECRETS_PRIVATE, "those whose value is never shown"),
	FLAG("no-private", VIR_CONNECT_LIST_SECRETS_NO_PRIVATE, "those whose value can be shown"),
	END,
};

const struct command secret_list_command = {
	.name = "secret-list",
	.summary = "list secrets, without their values",
	.traits = COMMAND_READS,
	.options = list_options,
	LISTS(list_results, .kind = &kind_secret, .failed = "Failed to list secrets"),
};

static void *define_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return virSecretDefineXML(connection, xml, flags);
}
FROM_FILE_COMMAND(secret_define, "secret-define",
		  "define a secret, or change one, from a file with its XML", identified_results,
		  VIR_SECRET_DEFINE_VALIDATE, .kind = &kind_secret, .define = define_xml,
		  .done = "Secret %s created", .failed = "Failed to set attributes from %s");

DUMPXML_COMMAND(secret_dumpxml, "secret-dumpxml", kind_secret, "secret", "secret", XPATH);

ACT(undefine, virSecretUndefine(object))
const struct command secret_undefine_command = {
	.name = "secret-undefine",
	.summary = "remove a secret and its value",
	.target = SECRET_TARGET,
	.options = (const struct option[]){SECRET, END},
	.results = identified_results,
	.run = object_act,
	ACTION(.act = undefine, .failed = "Failed to delete secret %s", .done = "Secret %s deleted",
	       .typed = true),
};
