// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots: made, from options or from a file.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/moment.h"
#include "cmd/vmctl/snapshot/overlays.h"
#include "output/report.h"

// clang-format off
// How it is taken, in virsh's order.
#define TAKEN \
	FLAG("no-metadata", VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA, "libvirt keeps no metadata of it"), \
	FLAG("halt", VIR_DOMAIN_SNAPSHOT_CREATE_HALT, "the guest is off afterwards"), \
	FLAG("disk-only", VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY, "of its disks, not of its memory"), \
	FLAG("reuse-external", VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT, \
	     "into files that are there, with the right backing files"), \
	FLAG("quiesce", VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE, \
	     "the guest's file systems are frozen meanwhile; needs its agent"), \
	FLAG("atomic", VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC, "of all disks or of none"), \
	FLAG("live", VIR_DOMAIN_SNAPSHOT_CREATE_LIVE, "the guest runs while its memory is saved"), \
	FLAG("validate", VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE, "check the XML by its schema")
// clang-format on

static int create(struct call *call, const char *xml, const char *from, struct error *err)
{
	auto_overlays struct overlays overlays = {0};

	if (overlays_prepare(call, xml, &overlays, err) < 0)
		return -1;
	if (moment_create(call, &kind_snapshot, overlays.xml ? overlays.xml : xml, from, err) < 0) {
		overlays_take_back(&overlays);
		return -1;
	}
	overlays_check(call, &overlays);
	return 0;
}

static int snapshot_create(struct call *call, struct error *err)
{
	auto_free char *xml = moment_read(call, "<domainsnapshot/>", err);

	return xml ? create(call, xml, argument_text(call, "xmlfile"), err) : -1;
}

const struct command snapshot_create_command = {
	.name = "snapshot-create",
	.summary = "take a snapshot of a guest, as a file with XML says",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that a snapshot is taken of"),
					   TEXT("xmlfile", NULL, "file with its XML"),
					   FLAG("redefine", VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE,
						"libvirt learns of one that is there"),
					   FLAG("current", VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT,
						"with --redefine: it becomes the current one"),
					   TAKEN, END},
	.results = moment_created_results,
	.run = snapshot_create,
};

static int add_memory(struct markup *xml, const char *text, struct error *err)
{
	static const char *const keys[] = {"snapshot", "file", NULL};
	auto_spec struct spec spec = {0};
	const char *file;

	if (!spec_read(text, keys, false, &spec) ||
	    (spec.first && (*spec.first != '/' || spec.values[1])))
		return spec_refuse("memspec", text, "[file=]PATH[,snapshot=TYPE]", err);
	file = spec.first ? spec.first : spec.values[1];
	markup_add(xml, "  <memory");
	markup_add(xml, " snapshot='%s'", spec.values[0]);
	markup_add(xml, " file='%s'", file);
	markup_add(xml, "/>\n");
	return 0;
}

static int add_disk(struct markup *xml, const char *text, struct error *err)
{
	static const char *const keys[] = {"snapshot", "driver", "stype", "file", NULL};
	auto_spec struct spec spec = {0};
	bool known = spec_read(text, keys, true, &spec);
	const char *type = spec.values[2], *file = spec.values[3];

	if (!known || !spec.first ||
	    (type && !text_equal(type, "file") && !text_equal(type, "block")))
		return spec_refuse("diskspec", text,
				   "DISK[,snapshot=TYPE][,driver=FORMAT][,stype=file|block]"
				   "[,file=PATH]",
				   err);
	markup_add(xml, "    <disk name='%s'", spec.first);
	markup_add(xml, " snapshot='%s'", spec.values[0]);
	markup_add(xml, " type='%s'", type);
	if (!spec.values[1] && !file) {
		markup_add(xml, "/>\n");
		return 0;
	}
	markup_add(xml, ">\n");
	markup_add(xml, "      <driver type='%s'/>\n", spec.values[1]);
	if (text_equal(type, "block"))
		markup_add(xml, "      <source dev='%s'/>\n", file);
	else
		markup_add(xml, "      <source file='%s'/>\n", file);
	markup_add(xml, "    </disk>\n");
	return 0;
}

static int snapshot_create_as(struct call *call, struct error *err)
{
	auto_markup struct markup xml = {0};
	const char *memory = argument_text(call, "memspec");

	markup_add(&xml, "<domainsnapshot>\n");
	markup_add(&xml, "  <name>%s</name>\n", argument_text(call, "name"));
	markup_add(&xml, "  <description>%s</description>\n", argument_text(call, "description"));
	if (memory && add_memory(&xml, memory, err) < 0)
		return -1;
	if (spec_add_disks(call, &xml, add_disk, err) < 0)
		return -1;
	markup_add(&xml, "</domainsnapshot>\n");
	if (!argument_flag(call, "print-xml"))
		return create(call, text_string(&xml.text), NULL, err);
	markup_add(&xml, "\n");
	report_document(call->report, "xml", text_string(&xml.text));
	return 0;
}

static const struct option create_as_options[] = {
	DOMAIN(0, "guest that a snapshot is taken of"),
	TEXT("name", NULL, "name of the snapshot (default: the time)"),
	TEXT("description", NULL, "what it is for"),
	FLAG("print-xml", 0, "show what would be made"),
	TAKEN,
	NAMED("memspec", NULL, "where its memory goes: [file=]PATH[,snapshot=TYPE]"),
	{.kind = OPTION_REST,
	 .name = "diskspec",
	 .candidates = domain_disks,
	 .help = "a disk: DISK[,snapshot=no|internal|external][,driver=FORMAT][,stype=file|block]"
		 "[,file=PATH]"},
	END,
};

const struct command snapshot_create_as_command = {
	.name = "snapshot-create-as",
	.summary = "take a snapshot of a guest",
	.target = MANY_DOMAINS(BY_ANY),
	.options = create_as_options,
	.results = moment_created_results,
	.run = snapshot_create_as,
};
