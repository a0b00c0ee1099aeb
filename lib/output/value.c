// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/value.h"

#include <json-c/json.h>

#include "base/cleanup.h"
#include "base/text.h"

char *value_string(struct value value)
{
	if (value.shown)
		return text_copy(value.shown);
	switch (value.type) {
	case VALUE_TEXT:
		return text_copy(value.text);
	case VALUE_INTEGER:
		return text_format("%lld", value.integer);
	case VALUE_UNSIGNED:
		return text_format("%llu", value.natural);
	case VALUE_REAL:
		return text_format("%.3f", value.real);
	case VALUE_BOOLEAN:
		return text_copy(value.boolean ? "yes" : "no");
	case VALUE_ABSENT:
	case VALUE_UNASKED:
		break;
	}
	return text_copy("");
}

// The length of the UTF-8 character that BYTES begin with; 0 where they begin with none.
static size_t utf8_length(const unsigned char *bytes)
{
	static const struct {
		unsigned char mask, lead; // of the first byte, for lengths 2 to 4
	} forms[] = {{0xe0, 0xc0}, {0xf0, 0xe0}, {0xf8, 0xf0}};

	if (bytes[0] < 0x80)
		return 1;
	for (size_t i = 0; i < 3; i++) {
		if ((bytes[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t k = 1; k <= i + 1; k++)
			if ((bytes[k] & 0xc0) != 0x80)
				return 0;
		// Overlong forms, surrogates and what is beyond U+10FFFF are none.
		if (bytes[0] < 0xc2 || (bytes[0] == 0xe0 && bytes[1] < 0xa0) ||
		    (bytes[0] == 0xed && bytes[1] > 0x9f) ||
		    (bytes[0] == 0xf0 && bytes[1] < 0x90) ||
		    (bytes[0] == 0xf4 && bytes[1] > 0x8f) || bytes[0] > 0xf4)
			return 0;
		return i + 2;
	}
	return 0;
}

char *value_utf8(const char *string)
{
	struct text valid = {0};
	size_t length;

	for (const char *next = string; *next; next += length ? length : 1) {
		length = utf8_length((const unsigned char *)next);
		text_append_bytes(&valid, length ? next : "\xef\xbf\xbd", length ? length : 3);
	}
	return text_take(&valid);
}

// The gate that all text goes through on its way to JSON, which is UTF-8.
static struct json_object *text_json(const char *string)
{
	auto_free char *valid = NULL;
	const char *next = string;
	size_t length;

	while (*next && (length = utf8_length((const unsigned char *)next)))
		next += length;
	if (!*next)
		return json_object_new_string(string);
	valid = value_utf8(string);
	return json_object_new_string(valid);
}

struct json_object *value_json(struct value value)
{
	switch (value.type) {
	case VALUE_TEXT:
		return text_json(value.text);
	case VALUE_INTEGER:
		return json_object_new_int64(value.integer);
	case VALUE_UNSIGNED:
		return json_object_new_uint64(value.natural);
	case VALUE_REAL:
		return json_object_new_double(value.real);
	case VALUE_BOOLEAN:
		return json_object_new_boolean(value.boolean);
	case VALUE_ABSENT:
	case VALUE_UNASKED:
		break;
	}
	return NULL;
}
