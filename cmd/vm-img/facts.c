// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/facts.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/vm-img/qemu_json.h"
#include "image/image.h"
#include "image/path.h"
#include "output/json.h"
#include "output/report.h"

// clang-format off
const struct field facts_snapshot[] = {
	FIELD("id", NULL, FIELD_TEXT, 0, "its number, which is a text"),
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	FIELD("vm-state-size", NULL, FIELD_BYTES, 0, "the guest's memory and devices in it"),
	FIELD("date-sec", NULL, FIELD_INTEGER, 0, "when it was made, seconds since 1970"),
	FIELD("date-nsec", NULL, FIELD_NANOSECONDS, 0, "and nanoseconds"),
	FIELD("vm-clock-sec", NULL, FIELD_INTEGER, 0, "how long the guest had run then, seconds"),
	FIELD("vm-clock-nsec", NULL, FIELD_NANOSECONDS, 0, "and nanoseconds"),
	FIELD("icount", NULL, FIELD_INTEGER, FIELD_ASKED, "instructions that the guest had run"),
	FIELDS_OPEN,
};

static const struct field specific_fields[] = {
	FIELD("type", NULL, FIELD_TEXT, 0, "the format"),
	FIELD("data", NULL, FIELD_ANY, 0, "what only images of that format have"),
	FIELDS_END,
};

// ALWAYS: of what is known of each image that can be opened.
#define FACTS(ALWAYS) \
	FIELD("filename", NULL, FIELD_TEXT, ALWAYS, "the name of the image"), \
	FIELD("format", NULL, FIELD_TEXT, ALWAYS, "its format"), \
	FIELD("virtual-size", NULL, FIELD_BYTES, ALWAYS, "size of the disk, as a guest sees it"), \
	FIELD("actual-size", NULL, FIELD_BYTES, FIELD_ASKED, "room that it takes"), \
	FIELD("dirty-flag", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether it was not closed properly"), \
	FIELD("cluster-size", NULL, FIELD_BYTES, FIELD_ASKED, "the unit of its room"), \
	FIELD("encrypted", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether it is encrypted"), \
	FIELD("compressed", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether its format is a compressed one"), \
	FIELD("backing-filename", NULL, FIELD_TEXT, FIELD_ASKED, "its backing file, as it is recorded"), \
	FIELD("full-backing-filename", NULL, FIELD_TEXT, FIELD_ASKED, "where that is"), \
	FIELD("backing-filename-format", NULL, FIELD_TEXT, FIELD_ASKED, "its format, as it is recorded"), \
	FIELD_OF("snapshots", FIELD_LIST, FIELD_ASKED, facts_snapshot, "snapshots inside the image"), \
	FIELD_OF("format-specific", FIELD_OBJECT, FIELD_ASKED, specific_fields, "more of its format"), \
	FIELD("content", NULL, FIELD_TEXT, FIELD_ASKED, "what a raw image is: iso9660")

const struct field facts_results[] = {
	FACTS(0),
	FIELD("limits", NULL, FIELD_ANY, FIELD_ASKED, "with --limits: of requests to it"),
	FIELDS_OPEN,
};
const struct field facts_changed[] = {
	FACTS(FIELD_ASKED),
	FIELD("text", NULL, FIELD_TEXT, FIELD_ASKED, "with -o help: the settings there are"),
	FIELDS_OPEN,
};
// clang-format on

static void set_text(struct json *facts, const char *key, const char *text)
{
	if (text)
		json_set(facts, key, value_text(text));
}

struct json *facts_of(const char *path, const struct image *image)
{
	struct json *facts = json_new_object(), *specific;
	auto_free char *full = image->backing_file ? path_beside(path, image->backing_file) : NULL;

	if (image->snapshots)
		json_set_json(facts, "snapshots", json_copy(image->snapshots));
	set_text(facts, "backing-filename-format", image->backing_format);
	json_set(facts, "virtual-size", value_unsigned(image->virtual_size));
	json_set(facts, "filename", value_text(path));
	if (image->cluster_size)
		json_set(facts, "cluster-size", value_unsigned(image->cluster_size));
	json_set(facts, "format", value_text(image->format));
	json_set(facts, "actual-size", value_unsigned(image->allocated));
	if (image->details) {
		specific = json_new_object();
		json_set(specific, "type", value_text(image->format));
		json_set_json(specific, "data", json_copy(image->details));
		json_set_json(facts, "format-specific", specific);
	}
	set_text(facts, "full-backing-filename", full);
	set_text(facts, "backing-filename", image->backing_file);
	if (image->encrypted)
		json_set(facts, "encrypted", value_boolean(true));
	json_set(facts, "dirty-flag", value_boolean(image->dirty));
	if (image->iso)
		json_set(facts, "content", value_text("iso9660"));
	return facts;
}

int facts_report_json(struct report *report, const struct json *facts, struct error *err)
{
	auto_free char *text = report_is_json(report) ? qemu_json_text(facts) : NULL;

	return text ? report_json_text(report, facts, text, err) : 0;
}

int facts_report_changed(struct report *report, const char *name, const struct image *image,
			 struct error *err)
{
	auto_json struct json *facts = NULL;

	if (!report_is_json(report))
		return 0;
	facts = image ? facts_of(name, image) : json_new_object();
	json_set(facts, "filename", value_text(name));
	return facts_report_json(report, facts, err);
}

static void show(struct report *report, const char *title, const char *string)
{
	report_field(report, title, NULL, value_text(string));
}

static void show_backing(struct report *report, const struct json *facts)
{
	const char *backing = json_get_text(facts, "backing-filename");
	const char *full = json_get_text(facts, "full-backing-filename");
	const char *format = json_get_text(facts, "backing-filename-format");
	auto_free char *both = NULL;

	if (!backing)
		return;
	if (!full)
		both = text_format("%s (cannot determine actual path)", backing);
	else if (!text_equal(full, backing))
		both = text_format("%s (actual path: %s)", backing, full);
	show(report, "backing file:", both ? both : backing);
	if (format)
		show(report, "backing file format:", format);
}

// TEXT for a line that is put together here: control characters made visible; the caller's.
static char *harmless(const char *text)
{
	struct text shown = {0};

	text_append_harmless(&shown, text ? text : "", false);
	return text_take(&shown);
}

// One line of the table, with the widths that qemu-img gives it.
static void show_snapshot(struct report *report, const struct json *snapshot)
{
	auto_free char *id = harmless(json_get_text(snapshot, "id"));
	auto_free char *name = harmless(json_get_text(snapshot, "name"));
	auto_free char *size = size_text(json_get_unsigned(snapshot, "vm-state-size"));
	unsigned long long clock = json_get_unsigned(snapshot, "vm-clock-sec");
	auto_free char *ran =
		text_format("%02llu:%02llu:%02llu.%03llu", clock / 3600, clock / 60 % 60,
			    clock % 60, json_get_unsigned(snapshot, "vm-clock-nsec") / 1000000);
	auto_free char *count = json_get(snapshot, "icount")
					? text_format("%llu", json_get_unsigned(snapshot, "icount"))
					: text_copy("");
	auto_free char *date = instant_local((long long)json_get_unsigned(snapshot, "date-sec"));

	report_heading(report, "%-9s %-16s %8s%20s%13s%11s\n", id, name, size, date ? date : "",
		       ran, count);
}

void facts_show_snapshots(struct report *report, const struct json *snapshots)
{
	if (!json_count(snapshots))
		return;
	report_heading(report, "Snapshot list:\n%-9s %-16s %8s%20s%13s%11s\n", "ID", "TAG",
		       "VM SIZE", "DATE", "VM CLOCK", "ICOUNT");
	for (size_t i = 0; i < json_count(snapshots); i++)
		show_snapshot(report, json_at(snapshots, i));
}

struct dump {
	struct report *report;
	int depth;
};

static void dump(struct dump to, const char *label, const struct json *json);

// "lazy-refcounts" is "lazy refcounts" to people.
static void dump_member(void *data, const char *key, const struct json *member)
{
	auto_free char *label = text_copy(key);

	for (char *c = label; *c; c++)
		*c = *c == '-' ? ' ' : *c;
	dump(*(struct dump *)data, label, member);
}

static void dump(struct dump to, const char *label, const struct json *json)
{
	struct dump inside = {to.report, to.depth + 1};
	auto_free char *title = text_format("%*s%s:", to.depth * 4, "", label);
	struct value value = json_value(json);

	if (!json_is_object(json) && !json_is_array(json)) {
		if (value.type == VALUE_BOOLEAN)
			value.shown = value.boolean ? "true" : "false";
		report_field(to.report, title, NULL, value);
		return;
	}
	report_heading(to.report, "%s\n", title);
	json_visit(json, dump_member, &inside);
	for (size_t i = 0; json_is_array(json) && i < json_count(json); i++) {
		auto_free char *index = text_format("[%zu]", i);

		dump(inside, index, json_at(json, i));
	}
}

static void show_group(struct report *report, const char *title, const struct json *members)
{
	struct dump to = {report, 1};

	if (!json_count(members))
		return;
	report_heading(report, "%s\n", title);
	json_visit(members, dump_member, &to);
}

void facts_show(struct report *report, const struct json *facts)
{
	unsigned long long virtual_size = json_get_unsigned(facts, "virtual-size");
	auto_free char *scaled = size_text(virtual_size);
	auto_free char *size = text_format("%s (%llu bytes)", scaled, virtual_size);
	auto_free char *disk = json_get(facts, "actual-size")
				       ? size_text(json_get_unsigned(facts, "actual-size"))
				       : text_copy("unavailable");

	if (report_is_json(report))
		return;
	show(report, "image:", json_get_text(facts, "filename"));
	show(report, "file format:", json_get_text(facts, "format"));
	show(report, "virtual size:", size);
	show(report, "disk size:", disk);
	if (json_get_boolean(facts, "encrypted"))
		show(report, "encrypted:", "yes");
	if (json_get(facts, "cluster-size"))
		report_field(report, "cluster_size:", NULL,
			     value_unsigned(json_get_unsigned(facts, "cluster-size")));
	if (json_get_boolean(facts, "dirty-flag"))
		show(report, "cleanly shut down:", "no");
	if (json_get(facts, "content"))
		show(report, "content:", "an ISO 9660 image");
	show_backing(report, facts);
	show_group(report, "Block limits:", json_get(facts, "limits"));
	facts_show_snapshots(report, json_get(facts, "snapshots"));
	show_group(report, "Format specific information:",
		   json_get(json_get(facts, "format-specific"), "data"));
}
