// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/report.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/json.h"
#include "output/json_write.h"

enum { DEPTH_MOST = 8 };

struct report {
	FILE *out;
	struct report_looks looks;
	struct text text; // what people read, so far
	int width;        // of the titles of fields
	struct table table;
	struct json_object *stack[DEPTH_MOST]; // [0] is the document
	int depth;                             // of the open object in it
	struct json_object *rows;              // of the open table; lent from the document
	struct text message;                   // all messages, for JSON
	struct text document;                  // the JSON where its layout was given
};

struct report *report_new(FILE *out, struct report_looks looks)
{
	struct report *report = memory_new(1, sizeof(*report));

	report->out = out;
	report->looks = looks;
	if (looks.json)
		json_trust_keys(true);
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	table_clear(&report->table);
	text_clear(&report->text);
	text_clear(&report->message);
	text_clear(&report->document);
	json_object_put(report->stack[0]);
	free(report);
}

bool report_is_json(const struct report *report)
{
	return report->looks.json;
}

static void append_shown(struct report *report, const char *string, bool lines)
{
	if (report->looks.terminal)
		text_append_harmless(&report->text, string, lines);
	else
		text_append(&report->text, string);
}

static void end_table(struct report *report)
{
	struct table_looks looks = {.quiet = report->looks.quiet,
				    .colour = report->looks.colour,
				    .width = report->looks.width};

	if (!report->table.columns)
		return;
	if (!report->looks.json)
		table_write(&report->table, looks, &report->text);
	table_clear(&report->table);
	report->table.columns = NULL;
	report->rows = NULL;
}

// The object that members go to.
static struct json_object *object(struct report *report)
{
	if (!report->stack[0])
		report->stack[0] = json_object_new_object();
	return report->stack[report->depth];
}

static void add_json(struct report *report, const char *key, struct json_object *json)
{
	struct json_object *parent = object(report);

	if (json_object_is_type(parent, json_type_array))
		json_object_array_add(parent, json);
	else
		json_object_object_add(parent, key, json);
}

void report_table(struct report *report, const char *key, enum table_style style,
		  const struct column *columns, unsigned long hidden)
{
	size_t count = 0;

	end_table(report);
	while (columns[count].title)
		count++;
	report->table = (struct table){
		.columns = columns, .count = count, .hidden = hidden, .style = style, .key = key};
	if (!report->looks.json)
		return;
	report->rows = json_object_new_array();
	if (key)
		add_json(report, key, report->rows);
	else
		report->stack[0] = report->rows;
}

void report_row(struct report *report, const struct value *values)
{
	struct table *table = &report->table;
	struct json_object *row;

	assert(table->columns);
	if (!report->looks.json) {
		table_add(table, values);
		return;
	}
	row = json_object_new_object();
	for (size_t i = 0; i < table->count; i++)
		if (!(table->hidden & 1UL << i) || table->columns[i].flags & COLUMN_JSON_ONLY)
			json_object_object_add(row, table->columns[i].key, value_json(values[i]));
	json_object_array_add(report->rows, row);
}

void report_layout(struct report *report, int width)
{
	report->width = width;
}

void report_field(struct report *report, const char *title, const char *key, struct value value)
{
	auto_free char *shown = NULL;

	end_table(report);
	if (report->looks.json) {
		add_json(report, key, value_json(value));
		return;
	}
	if (!title)
		return;
	if (*title)
		text_append_format(&report->text, "%-*s ", report->width, title);
	shown = value_string(value);
	append_shown(report, shown, false);
	text_append_char(&report->text, '\n');
}

void report_document(struct report *report, const char *key, const char *document)
{
	end_table(report);
	if (report->looks.json)
		add_json(report, key, json_object_new_string(document));
	else
		append_shown(report, document, true);
}

void report_json(struct report *report, const char *key, const struct json *json)
{
	struct json_object *copy;

	end_table(report);
	if (!report->looks.json)
		return;
	copy = json_object_get(json_inner(json));
	if (!report->stack[0] && !key)
		report->stack[0] = copy;
	else
		add_json(report, key, copy);
}

void report_json_text(struct report *report, const char *text)
{
	if (report->looks.json)
		text_append(&report->document, text);
}

void report_message(struct report *report, const char *format, ...)
{
	auto_text struct text message = {0};
	va_list list;

	end_table(report);
	va_start(list, format);
	text_append_list(&message, format, list);
	va_end(list);
	if (report->looks.json)
		text_append(&report->message, text_string(&message));
	else if (!report->looks.quiet)
		append_shown(report, text_string(&message), true);
}

void report_heading(struct report *report, const char *format, ...)
{
	auto_text struct text heading = {0};
	va_list list;

	end_table(report);
	if (report->looks.json)
		return;
	va_start(list, format);
	text_append_list(&heading, format, list);
	va_end(list);
	append_shown(report, text_string(&heading), true);
}

static void open_json(struct report *report, const char *key, struct json_object *json)
{
	end_table(report);
	if (!report->looks.json) {
		json_object_put(json);
		return;
	}
	assert(report->depth + 1 < DEPTH_MOST);
	if (!report->stack[0] && !key) {
		report->stack[0] = json;
		return;
	}
	add_json(report, key, json);
	report->stack[++report->depth] = json;
}

void report_open(struct report *report, const char *key)
{
	open_json(report, key, json_object_new_object());
}

void report_open_list(struct report *report, const char *key)
{
	open_json(report, key, json_object_new_array());
}

void report_close(struct report *report)
{
	end_table(report);
	if (!report->looks.json)
		return;
	if (report->depth > 0)
		report->depth--;
}

static void write_json(struct report *report, bool failed)
{
	if (report->document.length) {
		text_append(&report->text, text_string(&report->document));
		return;
	}
	if (report->message.length) {
		text_strip(report->message.data);
		report->depth = 0;
		add_json(report, "message", json_object_new_string(report->message.data));
	}
	if (failed && !report->stack[0])
		return;
	report->depth = 0;
	json_write(&report->text, object(report),
		   report->looks.one_line ? JSON_ONE_LINE : JSON_INDENTED);
	text_append_char(&report->text, '\n');
}

int report_flush(struct report *report, struct error *err)
{
	fwrite(text_string(&report->text), 1, report->text.length, report->out);
	text_clear(&report->text);
	if (fflush(report->out) != 0 || ferror(report->out))
		return error_set_errno(err, errno, "cannot write the output");
	return 0;
}

int report_finish(struct report *report, bool failed, struct error *err)
{
	if (failed && report->table.columns && report->table.rows == 0)
		report->table.columns = NULL;
	end_table(report);
	if (report->looks.json)
		write_json(report, failed);
	return report_flush(report, err);
}
