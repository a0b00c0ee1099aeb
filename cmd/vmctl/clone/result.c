// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a clone.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "guest/guest.h"
#include "output/report.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct field disk_results[] = {
	FIELD("target", NULL, FIELD_TEXT, FIELD_NULL, "what the guest sees it as; null: its NVRAM"),
	FIELD("action", NULL, FIELD_TEXT, 0,
	      "clone: it is a copy; share: both guests have the same; preserve: what was there "
	      "already"),
	FIELD("method", NULL, FIELD_TEXT, FIELD_NULL,
	      "how it is copied: auto (in a plan: reflink or copy), reflink (blocks are shared "
	      "until one of both writes), copy, "
	      "overlay, volume (by libvirt), backup (of the running guest) or snapshot; null: it "
	      "is not"),
	FIELD("source", NULL, FIELD_TEXT, FIELD_NULL, "the original's"),
	FIELD("path", NULL, FIELD_TEXT, FIELD_NULL, "the clone's"),
	FIELD("capacity", NULL, FIELD_BYTES, FIELD_NULL, "its size, as the guest sees it"),
	FIELDS_END,
};

const struct field clone_results[] = {
	FIELD("original", NULL, FIELD_TEXT, FIELD_ASKED, "the guest that was cloned"),
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "the clone"),
	FIELD("uuid", NULL, FIELD_TEXT, FIELD_ASKED, "its UUID"),
	FIELD("running", NULL, FIELD_BOOLEAN, FIELD_ASKED, "the original ran meanwhile"),
	FIELD_OF("disks", FIELD_LIST, FIELD_ASKED, disk_results, "its disks"),
	FIELD("macs", NULL, FIELD_TEXTS, FIELD_ASKED, "the addresses of its network cards"),
	FIELD("reset", NULL, FIELD_TEXTS, FIELD_ASKED,
	      "what inside of it is its own from its first boot on, or already"),
	FIELD("reset_by", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL,
	      "agent: done already; cloud-init: at its first boot"),
	FIELD("notes", NULL, FIELD_TEXTS, FIELD_ASKED, "what to know of it"),
	FIELD("dry_run", NULL, FIELD_BOOLEAN, FIELD_ASKED, "nothing was made"),
	FIELD("frozen", NULL, FIELD_MILLISECONDS, FIELD_ASKED | FIELD_NULL,
	      "how long the file systems of the running original were frozen; null: they were not"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "with --print-xml: its definition"),
	FIELDS_END,
};

static const char *const actions[] = {"clone", "share", "preserve"};

static void add_disk(struct report *report, const struct copy *copy)
{
	report_open(report, NULL);
	report_value(report, "target", value_text(copy->target));
	report_value(report, "action", value_text(actions[copy->action]));
	report_value(report, "method", value_text(copy_method_name(copy->method)));
	report_value(report, "source", value_text(copy->source));
	report_value(report, "path",
		     value_text(copy->action == COPY_SHARE ? copy->source : copy->path));
	report_value(report, "capacity",
		     copy->capacity ? value_unsigned(copy->capacity) : value_absent());
	report_close(report);
}

static void say_disk(struct report *report, const struct copy *copy)
{
	static const char *const how[] = {
		[METHOD_LOCAL] = "by reflink where the file system can, else a copy",
		[METHOD_REFLINK] = "reflink: blocks are shared until one of both writes",
		[METHOD_COPY] = "copy",
		[METHOD_OVERLAY] = "overlay",
		[METHOD_VOLUME] = "copied by libvirt",
		[METHOD_BACKUP] = "copied while the original runs",
		[METHOD_SNAPSHOT] = "from the snapshot",
	};
	const char *label = copy->target ? copy->target : "NVRAM";

	if (copy->action == COPY_SHARE && copy->source)
		report_message(report, "Disk %s: '%s', shared with the original (%s)\n", label,
			       copy->source, copy->share_reason ? copy->share_reason : "as asked");
	else if (copy->action == COPY_PRESERVE)
		report_message(report, "Disk %s: '%s', as it is\n", label, copy->path);
	else if (copy->action == COPY_CLONE)
		report_message(report, "Disk %s: '%s' (%s)\n", label, copy->path,
			       how[copy->method]);
}

static void add_macs(struct cloner *cloner)
{
	struct report *report = cloner->call->report;

	report_open_list(report, "macs");
	for (struct xml_element *i = xml_child(cloner->guest->devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *mac = path_get(i, "mac/@address");

		report_value(report, "macs", value_text(mac));
	}
	report_close(report);
}

void result_plan(struct cloner *cloner)
{
	struct report *report = cloner->call->report;
	const struct copying *copying = &cloner->copying;
	auto_free char *uuid = path_get(cloner->guest->domain, "uuid");

	report_value(report, "original", value_text(cloner->original));
	report_value(report, "name", value_text(cloner->name));
	report_value(report, "uuid", value_text(uuid));
	report_value(report, "running", value_boolean(cloner->running));
	report_open_list(report, "disks");
	for (size_t i = 0; i < copying->count; i++)
		add_disk(report, &copying->copies[i]);
	report_close(report);
	add_macs(cloner);
	report_texts(report, "reset", &cloner->reset);
	report_value(report, "reset_by", value_text(cloner->reset_by));
	report_texts(report, "notes", &cloner->notes);
	for (size_t i = 0; i < copying->count; i++)
		say_disk(report, &copying->copies[i]);
	for (size_t i = 0; i < cloner->notes.count; i++)
		report_message(report, "Note: %s\n", cloner->notes.items[i]);
}
