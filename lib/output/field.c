// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/field.h"

#include <json-c/json.h>

#include "base/text.h"

const struct field field_none[] = {FIELDS_END};

static const struct {
	const char *json, *unit;
} types[FIELD_TYPES] = {
	[FIELD_TEXT] = {"string", NULL},
	[FIELD_INTEGER] = {"integer", NULL},
	[FIELD_REAL] = {"number", NULL},
	[FIELD_BOOLEAN] = {"boolean", NULL},
	[FIELD_TIME] = {"string", "RFC 3339"},
	[FIELD_BYTES] = {"integer", "bytes"},
	[FIELD_BYTES_PER_SECOND] = {"integer", "bytes/s"},
	[FIELD_NANOSECONDS] = {"integer", "ns"},
	[FIELD_MICROSECONDS] = {"integer", "us"},
	[FIELD_MILLISECONDS] = {"integer", "ms"},
	[FIELD_SECONDS] = {"number", "s"},
	[FIELD_PERCENT] = {"number", "%"},
	[FIELD_MEGAHERTZ] = {"integer", "MHz"},
	[FIELD_TEXTS] = {"array", NULL},
	[FIELD_INTEGERS] = {"array", NULL},
	[FIELD_OBJECT] = {"object", NULL},
	[FIELD_LIST] = {"array", NULL},
	[FIELD_ANY] = {NULL, NULL},
};

const char *field_unit(enum field_type type)
{
	return types[type].unit;
}

const char *field_json_type(enum field_type type)
{
	return types[type].json;
}

const struct field *field_find(const struct field *fields, const char *key)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (text_equal(f->key, key))
			return f;
	return NULL;
}

size_t field_count(const struct field *fields)
{
	size_t count = 0;

	while (fields && fields[count].key)
		count++;
	return count;
}

bool field_within(const struct field_nest *nest, const struct field *fields)
{
	while (nest && nest->fields != fields)
		nest = nest->around;
	return nest != NULL;
}

bool field_is_open(const struct field *fields)
{
	return fields[field_count(fields)].flags & FIELD_OPEN;
}

bool field_fits(const struct field *field, struct value value)
{
	const char *json = field_json_type(field->type);

	switch (value.type) {
	case VALUE_TEXT:
		return !json || text_equal(json, "string");
	case VALUE_INTEGER:
	case VALUE_UNSIGNED:
		return !json || text_equal(json, "integer") || text_equal(json, "number");
	case VALUE_REAL:
		return !json || text_equal(json, "number");
	case VALUE_BOOLEAN:
		return !json || text_equal(json, "boolean");
	case VALUE_ABSENT:
		return field->flags & FIELD_NULL || !json;
	case VALUE_UNASKED:
		return field->flags & FIELD_ASKED;
	}
	return false;
}

static bool is_type(struct json_object *json, const char *type)
{
	switch (json_object_get_type(json)) {
	case json_type_string:
		return text_equal(type, "string");
	case json_type_int:
		return text_equal(type, "integer") || text_equal(type, "number");
	case json_type_double:
		return text_equal(type, "number");
	case json_type_boolean:
		return text_equal(type, "boolean");
	case json_type_array:
		return text_equal(type, "array");
	case json_type_object:
		return text_equal(type, "object");
	default:
		return false;
	}
}

static bool all_are(struct json_object *array, const char *type)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!is_type(json_object_array_get_idx(array, i), type))
			return false;
	return true;
}

const char *field_value_fault(const struct field *field, struct json_object *value)
{
	const char *type = field_json_type(field->type);

	if (!type || (!value && field->flags & FIELD_NULL))
		return NULL;
	if (!is_type(value, type))
		return field->key;
	if (field->type == FIELD_TEXTS || field->type == FIELD_INTEGERS)
		return all_are(value, field->type == FIELD_TEXTS ? "string" : "integer")
			       ? NULL
			       : field->key;
	return field->fields ? field_fault(field->fields, value) : NULL;
}

static const char *object_fault(const struct field *fields, struct json_object *object)
{
	bool open = field_is_open(fields);

	for (const struct field *f = fields; f->key; f++)
		if (!(f->flags & FIELD_ASKED) && !json_object_object_get_ex(object, f->key, NULL))
			return f->key;
	json_object_object_foreach(object, key, value)
	{
		const struct field *field = field_find(fields, key);
		const char *fault = field ? field_value_fault(field, value) : NULL;

		if (fault || (!field && !open))
			return fault ? fault : key;
	}
	return NULL;
}

const char *field_fault(const struct field *fields, struct json_object *json)
{
	if (json_object_is_type(json, json_type_object))
		return object_fault(fields, json);
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		struct json_object *element = json_object_array_get_idx(json, i);
		const char *fault = "";

		if (json_object_is_type(element, json_type_object))
			fault = object_fault(fields, element);
		if (fault)
			return fault;
	}
	return NULL;
}
