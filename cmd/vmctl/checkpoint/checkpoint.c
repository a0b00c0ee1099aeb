// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints: from them on a guest's disks note what is written, for incremental backups.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/moment.h"
#include "output/report.h"

#define OWNER DOMAIN(VIR_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT, "guest that the checkpoint is of")
#define ANOTHER(name_, help_)                                                                      \
	{                                                                                          \
		.kind = OPTION_TEXT, .traits = POSITIONAL, .name = (name_),                        \
		.object = &kind_checkpoint, .help = (help_)                                        \
	}
#define CHECKPOINT(help_) ANOTHER("checkpointname", help_)
#define ONE_CHECKPOINT                                                                             \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_checkpoint, "checkpointname", BY_NAME, 0                                     \
	}
// As in virsh it is no required option, and has to be there.
#define NAMED_RULES                                                                                \
	(const struct rule[])                                                                      \
	{                                                                                          \
		ANY_OF("checkpointname"), RULES_END                                                \
	}

static const struct field list_results[] = {
	MOMENT_NAME,
	MOMENT_CREATED,
	MOMENT_PARENT,
	FIELDS_END,
};

static const struct option list_options[] = {
	DOMAIN(0, "guest whose checkpoints are listed"),
	FLAG("parent", 0, "with the checkpoint that each descends from"),
	FLAG("roots", VIR_DOMAIN_CHECKPOINT_LIST_ROOTS, "those that descend from no other"),
	FLAG("leaves", VIR_DOMAIN_CHECKPOINT_LIST_LEAVES, "those that no other descends from"),
	FLAG("no-leaves", VIR_DOMAIN_CHECKPOINT_LIST_NO_LEAVES, "those that others descend from"),
	FLAG("tree", 0, "as a tree"),
	ANOTHER("from", "those that descend directly from this one"),
	FLAG("descendants", VIR_DOMAIN_CHECKPOINT_LIST_DESCENDANTS, "not only directly"),
	FLAG("name", 0, "only their names"),
	FLAG("topological", VIR_DOMAIN_CHECKPOINT_LIST_TOPOLOGICAL, "each behind its parent"),
	END,
};

static const struct rule list_rules[] = {
	EXCLUSIVE("tree", "name"),
	EXCLUSIVE("tree", "parent", "roots"),
	EXCLUSIVE("roots", "from"),
	EXCLUSIVE("tree", "leaves"),
	EXCLUSIVE("tree", "no-leaves"),
	REQUIRES("descendants", "from"),
	RULES_END,
};

const struct command checkpoint_list_command = {
	.name = "checkpoint-list",
	.summary = "list the checkpoints of a guest",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = list_options,
	.rules = list_rules,
	LISTS(list_results, .kind = &kind_checkpoint,
	      .failed = "Failed to list the checkpoints of domain '%s'", .fetch = moment_fetch,
	      .unsorted = "topological", .tree = "parent", MOMENT_LOOK),
};

static const struct field info_results[] = {MOMENT_INFO_HEAD, MOMENT_INFO_FAMILY, FIELDS_END};

const struct command checkpoint_info_command = {
	.name = "checkpoint-info",
	.summary = "show what a checkpoint is",
	.traits = COMMAND_READS,
	.target = ONE_CHECKPOINT,
	.options = (const struct option[]){OWNER, CHECKPOINT("checkpoint, by its name"), END},
	.rules = NAMED_RULES,
	SHOWS(info_results, .kind = &kind_checkpoint, .failed = "Failed to get checkpoint '%s'",
	      MOMENT_LOOK),
};

static const struct option dumpxml_options[] = {
	OWNER,
	CHECKPOINT("checkpoint, by its name"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "security-info",
	 .bit = VIR_DOMAIN_CHECKPOINT_XML_SECURE,
	 .help = "with passwords"},
	FLAG("no-domain", VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN, "without the guest's definition"),
	FLAG("size", VIR_DOMAIN_CHECKPOINT_XML_SIZE, "with how much was written since"),
	XPATH,
	END,
};

const struct command checkpoint_dumpxml_command = {
	.name = "checkpoint-dumpxml",
	.summary = "show a checkpoint, as XML",
	.traits = COMMAND_READS,
	.target = ONE_CHECKPOINT,
	.options = dumpxml_options,
	.rules = NAMED_RULES,
	.results = xml_results,
	.run = object_dumpxml,
};

const struct command checkpoint_parent_command = {
	.name = "checkpoint-parent",
	.summary = "show the name of the checkpoint that another descends from",
	.traits = COMMAND_READS,
	.target = ONE_CHECKPOINT,
	.options = (const struct option[]){OWNER, CHECKPOINT("the other checkpoint"), END},
	.rules = NAMED_RULES,
	.results = moment_parent_results,
	.run = moment_parent,
};

ACT(delete, virDomainCheckpointDelete(object, bits))
const struct command checkpoint_delete_command = {
	.name = "checkpoint-delete",
	.summary = "delete a checkpoint; what was written since counts to the one before",
	.target = ONE_CHECKPOINT,
	.options =
		(const struct option[]){OWNER, CHECKPOINT("checkpoint to delete"),
					FLAG("children", VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN,
					     "and all that descend from it"),
					FLAG("children-only",
					     VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN_ONLY,
					     "only what descends from it"),
					FLAG("metadata", VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY,
					     "libvirt forgets it, the bitmaps stay in the disks"),
					END},
	.rules = NAMED_RULES,
	DOES(.act = delete, .failed = "Failed to delete checkpoint %s",
	     .done = "Domain checkpoint %s deleted", .flag = "children-only",
	     .with = &(const struct action){.act = delete,
					    .failed = "Failed to delete checkpoint %s",
					    .done = "Domain checkpoint %s children deleted"}),
};

#define QUIESCE                                                                                    \
	FLAG("quiesce", VIR_DOMAIN_CHECKPOINT_CREATE_QUIESCE,                                      \
	     "the guest's file systems are frozen meanwhile; needs its agent")

static int checkpoint_create(struct call *call, struct error *err)
{
	auto_free char *xml = moment_read(call, "<domaincheckpoint/>", err);

	return xml ? moment_create(call, &kind_checkpoint, xml, argument_text(call, "xmlfile"), err)
		   : -1;
}

static const struct option create_options[] = {
	DOMAIN(0, "guest that a checkpoint is made of"),
	TEXT("xmlfile", NULL, "file with its XML"),
	FLAG("redefine", VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE,
	     "libvirt learns of one that is there"),
	FLAG("redefine-validate", VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE,
	     "with --redefine: only where the disks have its bitmaps"),
	QUIESCE,
	END,
};

const struct command checkpoint_create_command = {
	.name = "checkpoint-create",
	.summary = "make a checkpoint of a guest, as a file with XML says",
	.target = MANY_DOMAINS(BY_ANY),
	.options = create_options,
	.rules = (const struct rule[]){REQUIRES("redefine-validate", "redefine"), RULES_END},
	.results = moment_created_results,
	.run = checkpoint_create,
};

static int add_disk(struct markup *xml, const char *text, struct error *err)
{
	static const char *const keys[] = {"checkpoint", "bitmap", NULL};
	auto_spec struct spec spec = {0};

	if (!spec_read(text, keys, true, &spec) || !spec.first)
		return spec_refuse("diskspec", text, "DISK[,checkpoint=TYPE][,bitmap=NAME]", err);
	markup_add(xml, "    <disk name='%s'", spec.first);
	markup_add(xml, " checkpoint='%s'", spec.values[0]);
	markup_add(xml, " bitmap='%s'", spec.values[1]);
	markup_add(xml, "/>\n");
	return 0;
}

static int checkpoint_create_as(struct call *call, struct error *err)
{
	auto_markup struct markup xml = {0};

	markup_add(&xml, "<domaincheckpoint>\n");
	markup_add(&xml, "  <name>%s</name>\n", argument_text(call, "name"));
	markup_add(&xml, "  <description>%s</description>\n", argument_text(call, "description"));
	if (spec_add_disks(call, &xml, add_disk, err) < 0)
		return -1;
	markup_add(&xml, "</domaincheckpoint>\n");
	if (!argument_flag(call, "print-xml"))
		return moment_create(call, &kind_checkpoint, text_string(&xml.text), NULL, err);
	markup_add(&xml, "\n");
	report_document(call->report, "xml", text_string(&xml.text));
	return 0;
}

static const struct option create_as_options[] = {
	DOMAIN(0, "guest that a checkpoint is made of"),
	TEXT("name", NULL, "name of the checkpoint (default: the time)"),
	TEXT("description", NULL, "what it is for"),
	FLAG("print-xml", 0, "show what would be made"),
	QUIESCE,
	{.kind = OPTION_REST,
	 .name = "diskspec",
	 .candidates = domain_disks,
	 .help = "a disk: DISK[,checkpoint=no|bitmap][,bitmap=NAME]"},
	END,
};

const struct command checkpoint_create_as_command = {
	.name = "checkpoint-create-as",
	.summary = "make a checkpoint of a guest",
	.target = MANY_DOMAINS(BY_ANY),
	.options = create_as_options,
	.results = moment_created_results,
	.run = checkpoint_create_as,
};
