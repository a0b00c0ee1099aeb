// SPDX-License-Identifier: GPL-3.0-or-later
// json-c's own layout differs between its versions, so the layout is ours.
#include "output/json_write.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void append_string(struct text *out, const char *string, size_t length)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	text_append_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)string[i];
		const char *found = c ? strchr(escaped, c) : NULL;

		if (found)
			text_append_format(out, "\\%c", letters[found - escaped]);
		else if (c < 0x20)
			text_append_format(out, "\\u%04x", c);
		else
			text_append_char(out, (char)c);
	}
	text_append_char(out, '"');
}

// The shortest digits that read back as the same number. JSON has neither infinity nor NaN.
static void append_real(struct text *out, double real)
{
	char digits[40];

	if (!isfinite(real)) {
		text_append(out, "null");
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, real);
		if (strtod(digits, NULL) == real)
			break;
	}
	for (char *c = digits; *c; c++)
		if (*c == ',') // of the locale
			*c = '.';
	text_append(out, digits);
	if (!strpbrk(digits, ".e"))
		text_append(out, ".0");
}

static void new_line(struct text *out, int level)
{
	if (level < 0)
		return;
	text_append_char(out, '\n');
	for (int i = 0; i < level; i++)
		text_append(out, "  ");
}

// LEVEL is that of the indentation, -1 for none.
static void append(struct text *out, struct json_object *json, int level);

static void append_array(struct text *out, struct json_object *array, int level)
{
	int inner = level < 0 ? level : level + 1;
	size_t count = json_object_array_length(array);

	text_append_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text_append_char(out, ',');
		new_line(out, inner);
		append(out, json_object_array_get_idx(array, i), inner);
	}
	if (count > 0)
		new_line(out, level);
	text_append_char(out, ']');
}

static void append_object(struct text *out, struct json_object *object, int level)
{
	int inner = level < 0 ? level : level + 1;
	bool first = true;

	text_append_char(out, '{');
	json_object_object_foreach(object, key, member)
	{
		if (!first)
			text_append_char(out, ',');
		first = false;
		new_line(out, inner);
		append_string(out, key, strlen(key));
		text_append(out, level < 0 ? ":" : ": ");
		append(out, member, inner);
	}
	if (!first)
		new_line(out, level);
	text_append_char(out, '}');
}

static void append(struct text *out, struct json_object *json, int level)
{
	switch (json_object_get_type(json)) {
	case json_type_array:
		append_array(out, json, level);
		break;
	case json_type_object:
		append_object(out, json, level);
		break;
	case json_type_string:
		append_string(out, json_object_get_string(json),
			      (size_t)json_object_get_string_len(json));
		break;
	case json_type_double:
		append_real(out, json_object_get_double(json));
		break;
	case json_type_int:
	case json_type_boolean:
	case json_type_null:
		text_append(out, json_object_get_string(json) ?: "null");
		break;
	}
}

void json_write(struct text *out, struct json_object *json, enum json_layout layout)
{
	append(out, json, layout == JSON_ONE_LINE ? -1 : 0);
}
