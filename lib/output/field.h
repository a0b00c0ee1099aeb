// SPDX-License-Identifier: GPL-3.0-or-later
// What a result may hold, declared once: the text table, JSON, the man page, `help --json` and the
// JSON Schema of a command are written from these rows.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "output/value.h"

struct json_object;

// What JSON has for a field; most also tell the unit.
enum field_type {
	FIELD_TEXT,
	FIELD_INTEGER,
	FIELD_REAL,
	FIELD_BOOLEAN,
	FIELD_TIME, // RFC 3339
	FIELD_BYTES,
	FIELD_BYTES_PER_SECOND,
	FIELD_NANOSECONDS,
	FIELD_MICROSECONDS,
	FIELD_MILLISECONDS,
	FIELD_SECONDS,
	FIELD_PERCENT,
	FIELD_MEGAHERTZ,
	FIELD_TEXTS,    // a list of texts
	FIELD_INTEGERS, // a list of integers
	FIELD_OBJECT,   // its members are `fields`
	FIELD_LIST,     // of objects, whose members are `fields`
	FIELD_ANY,      // a document of its own, such as what a guest or QEMU answered
	FIELD_TYPES,
};

enum field_flag {
	COLUMN_JSON_ONLY = 1, // left out of the text
	COLUMN_DETAIL = 2,    // in the text on an indented line below the row, if not absent
	COLUMN_VERDICT = 4,   // coloured by its word: pass, warn, fail
	COLUMN_HEADING = 8,   // in the text a line above the rows that share its value
	FIELD_NULL = 16,      // null where the object has none
	FIELD_ASKED = 32,     // not there unless an option asked for it, or where it has no meaning
	FIELD_OPEN = 64,      // of the end of an array: there may be more, of another program's
	COLUMN_FITS = 128,    // its middle is left out where a terminal has no room for the row
};

struct field {
	const char *title; // in the text: of the column or the line; NULL: in JSON only
	const char *key;   // in JSON, lower_snake; NULL ends an array of fields
	unsigned flags;
	enum field_type type;
	const char *help;
	const struct field *fields;  // of an object or of a list's objects; NULL: any
	const struct source *source; // where an engine of the program finds it
};

// clang-format off
#define FIELD(key_, title_, type_, flags_, help_) \
	{ .key = (key_), .title = (title_), .type = (type_), .flags = (flags_), .help = (help_) }
#define FIELD_OF(key_, type_, flags_, fields_, help_) \
	{ .key = (key_), .type = (type_), .flags = (flags_), .fields = (fields_), .help = (help_) }
#define FIELDS_END { .key = NULL }
// Of an object that another program makes: its next version may know more.
#define FIELDS_OPEN { .key = NULL, .flags = FIELD_OPEN }
// clang-format on

// What the whole answer of a command is.
enum shape {
	SHAPE_OBJECT,
	SHAPE_LIST,   // an array of objects
	SHAPE_STREAM, // objects, each on a line of its own, as they come
};

// The unit of a type, such as "bytes"; NULL for none.
const char *field_unit(enum field_type type);
// "string", "integer", "number", "boolean", "array", "object", or NULL where it may be anything.
const char *field_json_type(enum field_type type);

// The row of KEY, or NULL; FIELDS may be NULL.
const struct field *field_find(const struct field *fields, const char *key);
size_t field_count(const struct field *fields);
bool field_is_open(const struct field *fields);

// Arrays that are walked through, from the inside out: some have themselves in them.
struct field_nest {
	const struct field *fields;
	const struct field_nest *around;
};
// Whether FIELDS is one of NEST, which may be NULL.
bool field_within(const struct field_nest *nest, const struct field *fields);

// The results of a command that has nothing to say but messages.
extern const struct field field_none[];

// The first key of JSON, an object or an array of objects, that FIELDS do not declare, whose value
// is of another type, or that is not there although it has to be: lent; NULL where all is as it is
// declared.
const char *field_fault(const struct field *fields, struct json_object *json);
// The same of the value of one FIELD.
const char *field_value_fault(const struct field *field, struct json_object *value);

// Whether VALUE is what FIELD promises.
bool field_fits(const struct field *field, struct value value);
