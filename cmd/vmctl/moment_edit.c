// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots and checkpoints in the user's editor: libvirt is told of the edited one anew.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/moment.h"
#include "cmd/vmctl/snapshot/snapshot.h"
#include "virt/edit.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// The name that the edited XML gives; the caller's. NULL with an error.
static char *edited_name(const struct xml *xml, struct error *err)
{
	char *name = path_get(xml_root(xml), "name");

	if (!name)
		error_set(err, STATUS_USAGE, "the edited XML has no name");
	return name;
}

static int redefine(struct call *call, const char *xml, unsigned flags, struct error *err)
{
	const struct kind *kind = call->object.kind;
	void *made = kind->define(session_connection(call), call->within.handle, xml, flags);

	if (!made)
		return virt_failure(err, "Failed to update %s", call_name(call));
	kind->release(made);
	return 0;
}

static int checkpoint_write(struct call *call, const char *text, unsigned flags,
			    struct edited *edited, struct error *err)
{
	auto_xml struct xml *xml = xml_parse(text, "the edited XML", err);
	auto_free char *name = xml ? edited_name(xml, err) : NULL;

	if (!name)
		return -1;
	if (!text_equal(name, call_name(call)))
		return error_set(err, STATUS_USAGE, "Cannot rename checkpoint %s to %s",
				 call_name(call), name);
	if (redefine(call, text, flags | VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE, err) < 0)
		return -1;
	edited->sentence = text_format("Checkpoint %s edited.", name);
	return 0;
}

const struct command checkpoint_edit_command = {
	.name = "checkpoint-edit",
	.summary = "change what libvirt knows of a checkpoint, in an editor",
	.target = &(const struct target){&kind_checkpoint, "checkpointname", BY_NAME, 0},
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT,
						  "guest that the checkpoint is of"),
					   {.kind = OPTION_TEXT,
					    .traits = POSITIONAL,
					    .name = "checkpointname",
					    .object = &kind_checkpoint,
					    .help = "checkpoint, by its name"},
					   END},
	.rules = (const struct rule[]){ANY_OF("checkpointname"), RULES_END},
	EDITS(.reads = VIR_DOMAIN_CHECKPOINT_XML_SECURE, .write = checkpoint_write,
	      .unchanged = "Checkpoint %s XML configuration not changed."),
};

// --current beside a name makes the edited one the current one.
static bool becomes_current(struct call *call)
{
	return argument_flag(call, "current") && argument_given(call, "snapshotname");
}

// What is to become of a snapshot that has another name in the edited XML.
static int check_name(struct call *call, const char *name, struct error *err)
{
	if (text_equal(name, call_name(call)) || argument_flag(call, "rename") ||
	    argument_flag(call, "clone"))
		return 0;
	return error_set(err, STATUS_USAGE, "Must use --rename or --clone to change %s to %s",
			 call_name(call), name);
}

static unsigned snapshot_flags(struct call *call, const struct xml *xml)
{
	auto_free char *state = path_get(xml_root(xml), "state");
	unsigned flags = VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE;

	if (becomes_current(call))
		flags |= VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT;
	if (text_equal(state, "disk-snapshot"))
		flags |= VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY;
	return flags;
}

static int snapshot_write(struct call *call, const char *text, unsigned flags,
			  struct edited *edited, struct error *err)
{
	virDomainSnapshotPtr old = call_snapshot(call);
	auto_xml struct xml *xml = xml_parse(text, "the edited XML", err);
	auto_free char *name = xml ? edited_name(xml, err) : NULL;

	if (!name || check_name(call, name, err) < 0 ||
	    redefine(call, text, flags | snapshot_flags(call, xml), err) < 0)
		return -1;
	if (text_equal(name, call_name(call))) {
		edited->sentence = text_format("Snapshot %s edited.", name);
	} else if (argument_flag(call, "clone")) {
		edited->sentence = text_format("Snapshot %s cloned to %s.", call_name(call), name);
	} else {
		if (virDomainSnapshotDelete(old, VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY) < 0)
			return virt_failure(err, "%s was made, but %s could not be removed", name,
					    call_name(call));
		// virsh says nothing here.
		edited->sentence = text_copy("");
	}
	edited->name = take(&name);
	return 0;
}

const struct command snapshot_edit_command = {
	.name = "snapshot-edit",
	.summary = "change what libvirt knows of a snapshot, in an editor",
	.target = &(const struct target){&kind_snapshot, "snapshotname", BY_NAME, TARGET_CURRENT},
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT,
			       "guest that the snapshot is of"),
			SNAPSHOT("snapshot, by its name"),
			FLAG("current", 0, "the current one; beside a name: make it that"),
			FLAG("rename", 0, "another name in it is its new one"),
			FLAG("clone", 0, "another name in it is that of a copy"), END},
	.rules = (const struct rule[]){ANY_OF("snapshotname", "current"),
				       EXCLUSIVE("rename", "clone"), RULES_END},
	EDITS(.reads = VIR_DOMAIN_SNAPSHOT_XML_SECURE, .write = snapshot_write,
	      .anyway = becomes_current, .unchanged = "Snapshot %s XML configuration not changed."),
};
