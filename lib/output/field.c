// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/field.h"

#include "base/text.h"

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
