// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots: listed and described, gone back to, deleted.
#include <libvirt/virterror.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/moment.h"
#include "cmd/vmctl/snapshot/snapshot.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

#define OWNER DOMAIN(VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT, "guest that the snapshot is of")
#define ONE_SNAPSHOT                                                                               \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_snapshot, "snapshotname", BY_NAME, 0                                         \
	}
#define ONE_OR_CURRENT                                                                             \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_snapshot, "snapshotname", BY_NAME, TARGET_CURRENT                            \
	}
#define MANY_OR_CURRENT_ASKED                                                                      \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_snapshot, "snapshotname", BY_NAME,                                           \
			TARGET_MANY | TARGET_ASKS | TARGET_CURRENT                                 \
	}
#define EITHER                                                                                     \
	(const struct rule[])                                                                      \
	{                                                                                          \
		ONE_OF("snapshotname", "current"), RULES_END                                       \
	}

static const struct field list_results[] = {
	MOMENT_NAME,
	MOMENT_CREATED,
	FOUND("state", "State", FIELD_TEXT, FIELD_NULL,
	      "what the guest was then, such as running, or disk-snapshot",
	      FROM_ASK(moment_ask_state)),
	MOMENT_PARENT,
	FIELDS_END,
};

static const struct option list_options[] = {
	DOMAIN(0, "guest whose snapshots are listed"),
	FLAG("parent", 0, "with the snapshot that each descends from"),
	FLAG("roots", VIR_DOMAIN_SNAPSHOT_LIST_ROOTS, "those that descend from no other"),
	FLAG("leaves", VIR_DOMAIN_SNAPSHOT_LIST_LEAVES, "those that no other descends from"),
	FLAG("no-leaves", VIR_DOMAIN_SNAPSHOT_LIST_NO_LEAVES, "those that others descend from"),
	FLAG("metadata", VIR_DOMAIN_SNAPSHOT_LIST_METADATA,
	     "those with metadata, which keep the guest from being undefined"),
	FLAG("no-metadata", VIR_DOMAIN_SNAPSHOT_LIST_NO_METADATA, "those without metadata"),
	FLAG("inactive", VIR_DOMAIN_SNAPSHOT_LIST_INACTIVE, "those of the guest shut off"),
	FLAG("active", VIR_DOMAIN_SNAPSHOT_LIST_ACTIVE, "those with the guest's memory"),
	FLAG("disk-only", VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY, "those of its disks alone"),
	FLAG("internal", VIR_DOMAIN_SNAPSHOT_LIST_INTERNAL, "those within the disks' files"),
	FLAG("external", VIR_DOMAIN_SNAPSHOT_LIST_EXTERNAL, "those in files of their own"),
	FLAG("tree", 0, "as a tree"),
	ANOTHER_SNAPSHOT("from", "those that descend directly from this one"),
	FLAG("current", 0, "those that descend directly from the current one"),
	FLAG("descendants", VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS, "not only directly"),
	FLAG("name", 0, "only their names"),
	FLAG("topological", VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL, "each behind its parent"),
	END,
};

static const struct rule list_rules[] = {
	EXCLUSIVE("tree", "name"),
	EXCLUSIVE("tree", "parent", "roots"),
	EXCLUSIVE("tree", "leaves"),
	EXCLUSIVE("tree", "no-leaves"),
	EXCLUSIVE("tree", "inactive"),
	EXCLUSIVE("tree", "active"),
	EXCLUSIVE("tree", "disk-only"),
	EXCLUSIVE("tree", "internal"),
	EXCLUSIVE("tree", "external"),
	EXCLUSIVE("roots", "from", "current"),
	REQUIRES_ANY("descendants", "from", "current"),
	RULES_END,
};

const struct command snapshot_list_command = {
	.name = "snapshot-list",
	.summary = "list the snapshots of a guest",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = list_options,
	.rules = list_rules,
	LISTS(list_results, .kind = &kind_snapshot,
	      .failed = "Failed to list the snapshots of domain '%s'", .fetch = moment_fetch,
	      .unsorted = "topological", .tree = "parent", MOMENT_LOOK),
};

static void ask_location(const struct looked *looked, struct cell *cell)
{
	const struct xml_element *root = xml_root(((const struct moment *)looked->facts)->xml);
	const struct xml_element *disks = xml_child(root, "disks");
	auto_free char *memory = path_get(root, "memory/@snapshot");
	auto_free char *state = path_get(root, "state");
	bool external = text_equal(memory, "external");

	// Before libvirt 1.0.1 the state alone told.
	if (!xml_child(root, "memory"))
		external = text_equal(state, "disk-snapshot");
	else
		for (struct xml_element *d = xml_child(disks, "disk"); d; d = xml_next(d, "disk")) {
			auto_free char *where = path_get(d, "@snapshot");

			external = external || text_equal(where, "external");
		}
	cell_text(cell, external ? "external" : "internal");
}

ASK(ask_current,
    cell_answer(cell, virDomainSnapshotIsCurrent(looked->object, 0) > 0, "yes", "no", NULL))
ASK(ask_metadata,
    cell_answer(cell, virDomainSnapshotHasMetadata(looked->object, 0), "yes", "no", NULL))

static const struct field info_results[] = {
	MOMENT_INFO_HEAD,
	FOUND("current", "Current:", FIELD_BOOLEAN, 0, "whether the guest went on from it",
	      FROM_ASK(ask_current)),
	FOUND("state", "State:", FIELD_TEXT, FIELD_NULL,
	      "what the guest was then, such as running, or disk-snapshot",
	      FROM_ASK(moment_ask_state)),
	FOUND("location", "Location:", FIELD_TEXT, 0,
	      "internal: in the disks' files; external: in files of its own",
	      FROM_ASK(ask_location)),
	MOMENT_INFO_FAMILY,
	FOUND("metadata", "Metadata:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether libvirt keeps metadata of it", FROM_ASK(ask_metadata)),
	FIELDS_END,
};

const struct command snapshot_info_command = {
	.name = "snapshot-info",
	.summary = "show what a snapshot is",
	.traits = COMMAND_READS,
	.target = ONE_OR_CURRENT,
	.options = (const struct option[]){OWNER, SNAPSHOT("snapshot, by its name"),
					   FLAG("current", 0, "the current one"), END},
	.rules = EITHER,
	SHOWS(info_results, .kind = &kind_snapshot, .failed = "Failed to get snapshot '%s'",
	      MOMENT_LOOK),
};

const struct command snapshot_dumpxml_command = {
	.name = "snapshot-dumpxml",
	.summary = "show a snapshot, as XML",
	.traits = COMMAND_READS,
	.target = ONE_SNAPSHOT,
	.options = (const struct option[]){OWNER,
					   NEEDED_OBJECT(kind_snapshot, "snapshotname", 0,
							 "snapshot, by its name"),
					   {.kind = OPTION_FLAG,
					    .traits = WRITES,
					    .name = "security-info",
					    .bit = VIR_DOMAIN_SNAPSHOT_XML_SECURE,
					    .help = "with passwords"},
					   XPATH,
					   END},
	.results = xml_results,
	.run = object_dumpxml,
};

const struct command snapshot_parent_command = {
	.name = "snapshot-parent",
	.summary = "show the name of the snapshot that another descends from",
	.traits = COMMAND_READS,
	.target = ONE_OR_CURRENT,
	.options = (const struct option[]){OWNER, SNAPSHOT("the other snapshot"),
					   FLAG("current", 0, "of the current one"), END},
	.rules = EITHER,
	.results = moment_parent_results,
	.run = moment_parent,
};

// A risky one is forced only where it is refused otherwise: older servers do not know the flag.
static int revert(struct call *call, void *snapshot, unsigned bits)
{
	unsigned force = bits & VIR_DOMAIN_SNAPSHOT_REVERT_FORCE;

	(void)call;
	if (virDomainRevertToSnapshot(snapshot, bits & ~force) == 0)
		return 0;
	if (!force || !virt_failed_with(VIR_ERR_SNAPSHOT_REVERT_RISKY))
		return -1;
	return virDomainRevertToSnapshot(snapshot, bits);
}

static const struct option revert_options[] = {
	OWNER,
	SNAPSHOT("snapshot that the guest goes back to"),
	FLAG("current", 0, "the current one"),
	FLAG("running", VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING, "the guest runs afterwards"),
	FLAG("paused", VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED, "the guest is paused afterwards"),
	FLAG("force", VIR_DOMAIN_SNAPSHOT_REVERT_FORCE,
	     "where the guest would be changed in a risky way too"),
	FLAG("reset-nvram", VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM,
	     "its UEFI variables are those of a new guest"),
	END,
};

const struct command snapshot_revert_command = {
	.name = "snapshot-revert",
	.summary = "take a guest back to a snapshot; what it has become since is lost",
	.target = ONE_OR_CURRENT,
	.options = revert_options,
	.rules = EITHER,
	DOES(.act = revert, .failed = "Failed to revert snapshot %s",
	     .done = "Domain snapshot %s reverted"),
};

ACT(delete, virDomainSnapshotDelete(object, bits))
const struct command snapshot_delete_command = {
	.name = "snapshot-delete",
	.summary = "delete a snapshot; the guest stays what it is",
	.target = MANY_OR_CURRENT_ASKED,
	.options =
		(const struct option[]){OWNER, SNAPSHOT("snapshot to delete"),
					FLAG("current", 0, "the current one"),
					FLAG("children", VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN,
					     "and all that descend from it"),
					FLAG("children-only",
					     VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY,
					     "only what descends from it"),
					FLAG("metadata", VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY,
					     "libvirt forgets it, the data stay in the files"),
					END},
	.rules = EITHER,
	DOES(.act = delete, .failed = "Failed to delete snapshot %s",
	     .done = "Domain snapshot %s deleted", .flag = "children-only",
	     .with = &(const struct action){.act = delete,
					    .failed = "Failed to delete snapshot %s",
					    .done = "Domain snapshot %s children deleted"}),
};

// Defining it anew as the current one is how libvirt has one set.
static int set_current(struct call *call, const char *name, struct error *err)
{
	unsigned flags = VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT;
	auto_snapshot virDomainSnapshotPtr snapshot = NULL, again = NULL;
	auto_free char *text = NULL, *state = NULL;
	auto_xml struct xml *xml = NULL;

	snapshot = kind_find(&kind_snapshot, session_connection(call), call_domain(call), name,
			     BY_NAME, err);
	if (!snapshot)
		return -1;
	text = virDomainSnapshotGetXMLDesc(snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE);
	if (!text)
		return virt_failure(err, "Failed to get snapshot '%s'", name);
	xml = xml_parse(text, "snapshot XML", err);
	if (!xml)
		return -1;
	state = path_get(xml_root(xml), "state");
	if (text_equal(state, "disk-snapshot"))
		flags |= VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY;
	again = virDomainSnapshotCreateXML(call_domain(call), text, flags);
	if (!again)
		return virt_failure(err, "Failed to make snapshot '%s' the current one", name);
	report_field(call->report, NULL, "name", value_text(name));
	report_message(call->report, "Snapshot %s set as current", name);
	return 0;
}

static int snapshot_current(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *name = argument_text(call, "snapshotname");
	auto_snapshot virDomainSnapshotPtr snapshot = NULL;
	auto_free char *xml = NULL;

	if (name)
		return set_current(call, name, err);
	if (virDomainHasCurrentSnapshot(domain, 0) == 0)
		return error_set(err, STATUS_NOT_FOUND, "domain '%s' has no current snapshot",
				 call->object.typed);
	snapshot = virDomainSnapshotCurrent(domain, 0);
	if (!snapshot)
		return domain_failure(err, domain, "Failed to get the current snapshot of '%s'",
				      call->object.typed);
	if (argument_flag(call, "name")) {
		report_document(call->report, "name", virDomainSnapshotGetName(snapshot));
		return 0;
	}
	xml = virDomainSnapshotGetXMLDesc(snapshot, argument_bits(call));
	if (!xml)
		return virt_failure(err, "Failed to get snapshot '%s'",
				    virDomainSnapshotGetName(snapshot));
	report_document(call->report, "xml", xml);
	return 0;
}

static const struct field current_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "its name, with --name or where it was set"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "what it is, else"),
	FIELDS_END,
};

const struct command snapshot_current_command = {
	.name = "snapshot-current",
	.summary = "show or set the current snapshot of a guest",
	.target = ONE_DOMAIN(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(0, "guest whose snapshot it is"), FLAG("name", 0, "only its name"),
			FLAG("security-info", VIR_DOMAIN_SNAPSHOT_XML_SECURE, "with passwords"),
			ANOTHER_SNAPSHOT("snapshotname", "snapshot that becomes the current one"),
			END},
	.rules = (const struct rule[]){EXCLUSIVE("name", "snapshotname"), RULES_END},
	.results = current_results,
	.run = snapshot_current,
};
