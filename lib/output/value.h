// SPDX-License-Identifier: GPL-3.0-or-later
// One typed value of a result: what JSON writes by its type, and people read as text.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum value_type {
	VALUE_ABSENT,  // null: the object has none
	VALUE_UNASKED, // no key: it was not asked for
	VALUE_TEXT,
	VALUE_INTEGER,
	VALUE_UNSIGNED,
	VALUE_REAL,
	VALUE_BOOLEAN,
};

struct value {
	enum value_type type;
	union {
		const char *text;
		long long integer;
		unsigned long long natural;
		double real;
		bool boolean;
	};
	const char *shown; // the text for people where it is not the plain one; lent like `text`
};

static inline struct value value_text(const char *text)
{
	return (struct value){.type = text ? VALUE_TEXT : VALUE_ABSENT, .text = text};
}

static inline struct value value_integer(long long integer)
{
	return (struct value){.type = VALUE_INTEGER, .integer = integer};
}

static inline struct value value_unsigned(unsigned long long natural)
{
	return (struct value){.type = VALUE_UNSIGNED, .natural = natural};
}

static inline struct value value_real(double real)
{
	return (struct value){.type = VALUE_REAL, .real = real};
}

static inline struct value value_boolean(bool boolean)
{
	return (struct value){.type = VALUE_BOOLEAN, .boolean = boolean};
}

static inline struct value value_absent(void)
{
	return (struct value){.type = VALUE_ABSENT};
}

static inline struct value value_unasked(void)
{
	return (struct value){.type = VALUE_UNASKED};
}

// VALUE, but people read SHOWN.
static inline struct value value_shown(struct value value, const char *shown)
{
	value.shown = shown;
	return value;
}

// What people read; the caller's.
char *value_string(struct value value);

// STRING with U+FFFD in the place of each byte that is no UTF-8; the caller's.
char *value_utf8(const char *string);

struct json_object;
// A new JSON value.
struct json_object *value_json(struct value value);
