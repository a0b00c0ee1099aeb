// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/report.h"

#include <assert.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/json.h"
#include "output/report_state.h"

struct report *report_new(FILE *out, struct report_looks looks, const struct field *results,
			  enum shape shape)
{
	struct report *report = memory_new(1, sizeof(*report));

	assert(results && "a command that declares no results");
	report->out = out;
	report->looks = looks;
	report->results = results;
	report->shape = shape;
	report->stack[0] =
		(struct level){.fields = results, .list = results && shape == SHAPE_LIST};
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
	text_clear(&report->given);
	json_object_put(report->stack[0].json);
	free(report->columns);
	free(report);
}

bool report_is_json(const struct report *report)
{
	return report->looks.json;
}

bool report_wants(const struct report *report, const char *key)
{
	const struct list *keys = report->looks.keys;
	const struct field *field = field_find(report->results, key);

	if (report->looks.json)
		return !keys || !keys->count || list_has(keys, key);
	return !field || (field->title && !(field->flags & COLUMN_JSON_ONLY));
}

void report_append(struct report *report, const char *string, bool lines)
{
	if (report->looks.terminal)
		text_append_harmless(&report->text, string, lines);
	else
		text_append(&report->text, string);
}

void report_end_table(struct report *report)
{
	struct table_looks looks = {.quiet = report->looks.quiet,
				    .terminal = report->looks.terminal,
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

static struct level *top(struct report *report)
{
	return &report->stack[report->depth];
}

// The open level, its JSON made if nothing was in it yet.
static struct level *level(struct report *report)
{
	struct level *level = top(report);

	if (!level->json)
		level->json = level->list ? json_object_new_array() : json_object_new_object();
	return level;
}

// The declaration of the member KEY of the open object; NULL where nothing is declared.
static const struct field *declared(const struct report *report, const char *key)
{
	const struct level *open = &report->stack[report->depth];
	const struct field *field;

	if (!open->fields || open->list)
		return NULL;
	field = field_find(open->fields, key);
	assert(field && "a result that its command does not declare");
	return field;
}

bool report_declares(const struct report *report, const char *key)
{
	return field_find(report->stack[report->depth].fields, key) != NULL;
}

// Whether VALUE is what FIELD promises. What --json=KEY,KEY leaves out need not be there.
static bool fits(const struct report *report, const struct field *field, struct value value)
{
	return field_fits(field, value) ||
	       (value.type == VALUE_UNASKED && !report_wants(report, field->key));
}

// Adds JSON, which it takes over, to the open level.
static void add_json(struct report *report, const char *key, struct json_object *json)
{
	struct level *open = level(report);

	if (open->list) {
		json_object_array_add(open->json, json);
		return;
	}
	assert(key);
	assert(!open->fields || !json_object_object_get_ex(open->json, key, NULL));
	json_object_object_add(open->json, key, json);
}

static void add_value(struct report *report, const struct field *field, const char *key,
		      struct value value)
{
	assert(!report->whole && "the list is the whole answer");
	assert((!field || fits(report, field, value)) && "a value of another type than declared");
	if (value.type != VALUE_UNASKED)
		add_json(report, key, value_json(value));
}

static void open_table(struct report *report, const char *key, const struct field *columns,
		       enum table_style style, unsigned long hidden)
{
	report_end_table(report);
	report->table = (struct table){.columns = columns,
				       .count = field_count(columns),
				       .hidden = hidden,
				       .style = style,
				       .key = key};
	if (report->shown) {
		report->rows = NULL;
	} else if (!key) {
		assert(report->depth == 0 && !report->stack[0].json && !report->whole &&
		       "a list that is the whole answer comes first and alone");
		report->whole = true;
		report->stack[0].list = true;
		report->rows = report->looks.json ? level(report)->json : NULL;
	} else if (report->looks.json) {
		report->rows = json_object_new_array();
		add_json(report, key, report->rows);
	}
}

void report_table(struct report *report, enum table_style style, const struct field *columns,
		  unsigned long hidden)
{
	report->shown = true;
	open_table(report, NULL, columns, style, hidden);
}

void report_list(struct report *report, const char *key, enum table_style style,
		 unsigned long hidden)
{
	const struct field *field = key ? declared(report, key) : NULL;
	const struct field *columns = key ? field->fields : report->results;

	assert(columns && (key || report->shape == SHAPE_LIST) && "the command declares no list");
	report->shown = false;
	open_table(report, key, columns, style, hidden);
}

void report_row(struct report *report, const struct value *values)
{
	struct table *table = &report->table;
	struct json_object *row;

	assert(table->columns && "a row belongs to a list");
	if (!report->looks.json) {
		table_add(table, values);
		return;
	}
	if (report->shown)
		return;
	row = json_object_new_object();
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->columns[i];

		assert(fits(report, field, values[i]) && "a value of another type than declared");
		if (values[i].type != VALUE_UNASKED)
			json_object_object_add(row, field->key, value_json(values[i]));
	}
	json_object_array_add(report->rows, row);
}

void report_layout(struct report *report, int width)
{
	report->width = width;
}

static void add_line(struct report *report, const char *title, struct value value)
{
	auto_free char *shown = value_string(value);

	if (*title)
		text_append_format(&report->text, "%-*s ", report->width, title);
	report_append(report, shown, false);
	text_append_char(&report->text, '\n');
}

void report_field(struct report *report, const char *title, const char *key, struct value value)
{
	const struct field *field = key ? declared(report, key) : NULL;

	report_end_table(report);
	if (report->looks.json && key)
		add_value(report, field, key, value);
	else if (!report->looks.json && title && value.type != VALUE_UNASKED)
		add_line(report, title, value);
}

void report_value(struct report *report, const char *key, struct value value)
{
	const struct level *open = top(report);
	const struct field *field = open->plain ? open->plain : declared(report, key);

	assert(field && "only a declared result has a title");
	report_field(report, field->title, key, value);
}

void report_document(struct report *report, const char *key, const char *document)
{
	const struct field *field = declared(report, key);

	report_end_table(report);
	if (report->looks.json) {
		add_value(report, field, key, value_text(document));
		return;
	}
	report->document = true;
	report_append(report, document, true);
}

void report_bytes(struct report *report, const char *key, const void *bytes, size_t length)
{
	auto_free char *text = base64_encode(bytes, length);

	if (report->looks.json) {
		report_value(report, key, value_text(text));
		return;
	}
	report_end_table(report);
	// A terminal is driven by no byte of it.
	if (report->looks.terminal)
		report_append(report, bytes, true);
	else
		text_append_bytes(&report->text, bytes, length);
}

int report_passage(struct report *report, const char *bytes, size_t length, struct error *err)
{
	report_end_table(report);
	if (report->looks.json)
		return 0;
	if (!report->looks.terminal) {
		text_append_bytes(&report->text, bytes, length);
		return report_flush(report, err);
	}
	while (length) {
		size_t piece = strnlen(bytes, length);
		auto_free char *plain = text_copy_bytes(bytes, piece);

		report_append(report, plain, true);
		if (piece < length)
			text_append(&report->text, "\\x00"), piece++;
		bytes += piece;
		length -= piece;
	}
	return report_flush(report, err);
}

void report_json(struct report *report, const char *key, const struct json *json)
{
	const struct field *field = key ? declared(report, key) : NULL;
	const struct field *fields = top(report)->fields;
	struct json_object *copy;

	report_end_table(report);
	if (!report->looks.json)
		return;
	copy = json_object_get(json_inner(json));
	assert((!field || !field_value_fault(field, copy)) &&
	       (key || !fields || !field_fault(fields, copy)) && "a document not as declared");
	if (!key && report->depth == 0 && !report->stack[0].json &&
	    report->stack[0].list == json_object_is_type(copy, json_type_array))
		report->stack[0].json = copy;
	else
		add_json(report, key, copy);
}

int report_json_text(struct report *report, const struct json *json, const char *text,
		     struct error *err)
{
	const struct list *keys = report->looks.keys;
	const char *fault;

	if (!report->looks.json)
		return 0;
	fault = field_fault(report->results, json_inner(json));
	if (fault)
		return error_set(err, STATUS_FAILED, "the answer is not as expected at '%s'",
				 fault);
	if (keys && keys->count)
		report->stack[0].json = json_object_get(json_inner(json));
	else
		text_append(&report->given, text);
	return 0;
}

// Opens a level; FIELD declares it, NULL where nothing is declared.
static void open_level(struct report *report, const char *key, struct level next)
{
	report_end_table(report);
	if (!report->looks.json) {
		report->stack[++report->depth] = next;
		assert(report->depth + 1 < DEPTH_MOST);
		return;
	}
	next.json = next.list ? json_object_new_array() : json_object_new_object();
	assert(report->depth + 1 < DEPTH_MOST);
	add_json(report, key, next.json);
	report->stack[++report->depth] = next;
}

void report_open(struct report *report, const char *key)
{
	const struct level *open = top(report);
	const struct field *field = key && !open->list ? declared(report, key) : NULL;

	assert(!field || field->type == FIELD_OBJECT || field->type == FIELD_ANY);
	open_level(report, key,
		   (struct level){.fields = open->list ? open->fields
					    : field    ? field->fields
						       : NULL});
}

void report_open_list(struct report *report, const char *key)
{
	const struct field *field = key ? declared(report, key) : NULL;
	struct level next = {.list = true, .fields = field ? field->fields : NULL};

	if (field && (field->type == FIELD_TEXTS || field->type == FIELD_INTEGERS))
		next.plain = field;
	if (!key && report->depth == 0) {
		// The whole answer: its level is there already.
		assert(!report->stack[0].json);
		report_end_table(report);
		report->stack[0].list = true;
		return;
	}
	open_level(report, key, next);
}

void report_close(struct report *report)
{
	report_end_table(report);
	if (report->depth > 0)
		report->depth--;
	else
		assert(report->stack[0].list && "nothing is open");
}

void report_texts(struct report *report, const char *key, const struct list *texts)
{
	report_open_list(report, key);
	for (size_t i = 0; i < texts->count; i++)
		report_value(report, key, value_text(texts->items[i]));
	report_close(report);
}
