// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of many hosts and objects as one.
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/report.h"
#include "output/report_state.h"

// OBJECT with the label's keys before its own; the caller's.
static struct json_object *labelled(struct json_object *object, struct report_label label)
{
	struct json_object *result = json_object_new_object();

	if (label.host)
		json_object_object_add(result, "host", value_json(value_text(label.host)));
	if (!json_object_is_type(object, json_type_object)) {
		json_object_object_add(result, "result", json_object_get(object));
		return result;
	}
	if (label.object && !json_object_object_get_ex(object, "name", NULL))
		json_object_object_add(result, "name", value_json(value_text(label.object)));
	json_object_object_foreach(object, key, member)
		json_object_object_add(result, key, json_object_get(member));
	return result;
}

static void adopt_json(struct report *report, struct report *part, struct report_label label)
{
	struct json_object *answer = report_answer(part), *all = report_answer(report);

	if (!json_object_is_type(answer, json_type_array)) {
		json_object_array_add(all, labelled(answer, label));
		return;
	}
	for (size_t i = 0; i < json_object_array_length(answer); i++)
		json_object_array_add(all, labelled(json_object_array_get_idx(answer, i), label));
}

// A table of the same columns with one for the host before them.
static void open_host_table(struct report *report, const struct table *table)
{
	report->columns = memory_new(table->count + 2, sizeof(*report->columns));
	report->columns[0] = (struct field){.key = "host", .title = "Host"};
	memcpy(report->columns + 1, table->columns, table->count * sizeof(*report->columns));
	report->table = (struct table){.columns = report->columns,
				       .count = table->count + 1,
				       .hidden = table->hidden << 1,
				       .style = table->style};
}

static void adopt_rows(struct report *report, struct report *part, struct report_label label)
{
	struct table *table = &part->table;
	auto_free struct value *row = memory_new(table->count + 1, sizeof(*row));

	if (!report->table.columns)
		open_host_table(report, table);
	for (size_t i = 0; i < table->rows; i++) {
		row[0] = value_text(label.host);
		for (size_t k = 0; k < table->count; k++)
			row[k + 1] = value_text(table->cells[i * table->count + k]);
		table_add(&report->table, row);
	}
	table_clear(table);
	table->columns = NULL;
}

// Whether each line names OBJECT by itself.
static bool all_name(const struct list *lines, const char *object)
{
	for (size_t i = 0; i < lines->count; i++)
		if (!strstr(lines->items[i], object))
			return false;
	return true;
}

// Each line of the part's text with its host and, where they do not name it themselves, its object.
static void adopt_lines(struct report *report, struct report *part, struct report_label label)
{
	auto_list struct list lines = list_split(text_string(&part->text), "\n");
	bool names = label.object && !all_name(&lines, label.object);

	for (size_t i = 0; i < lines.count; i++) {
		if (label.host)
			text_append_format(&report->text, "%s: ", label.host);
		if (names)
			text_append_format(&report->text, "%s: ", label.object);
		text_append_format(&report->text, "%s\n", lines.items[i]);
	}
}

// A document stands as it is, below a comment that names where it comes from.
static void adopt_document(struct report *report, struct report *part, struct report_label label)
{
	text_append_format(&report->text, "<!-- %s%s%s -->\n%s", label.host ? label.host : "",
			   label.host && label.object ? " " : "", label.object ? label.object : "",
			   text_string(&part->text));
	if (!text_ends(text_string(&part->text), "\n"))
		text_append_char(&report->text, '\n');
}

void report_many(struct report *report)
{
	// The parts have the wanted keys alone already.
	report->looks.keys = NULL;
	report->kept = true;
	report->stack[0].list = true;
}

void report_adopt(struct report *report, struct report *part, struct report_label label)
{
	if (report->looks.json) {
		adopt_json(report, part, label);
		return;
	}
	if (part->whole && part->table.columns && label.host) {
		adopt_rows(report, part, label);
		return;
	}
	report_end_table(part);
	if (part->document)
		adopt_document(report, part, label);
	else
		adopt_lines(report, part, label);
}
