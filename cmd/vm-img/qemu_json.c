// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/qemu_json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "output/json.h"

// Takes one character off *AT; what is no UTF-8 is U+FFFD, one byte at a time.
static unsigned take_character(const char **at)
{
	const unsigned char *c = (const unsigned char *)*at;
	static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
	int more = *c < 0x80 ? 0 : *c >= 0xf0 && *c < 0xf8 ? 3 : *c >= 0xe0 ? 2 : 1;
	unsigned character = more ? *c & (0x3fU >> more) : *c;

	++*at;
	if (*c >= 0xf8 || (*c >= 0x80 && *c < 0xc0))
		return 0xfffd;
	for (int i = 1; i <= more; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0xfffd;
		character = character << 6 | (c[i] & 0x3f);
	}
	if (character < least[more] || character > 0x10ffff ||
	    (character >= 0xd800 && character < 0xe000))
		return 0xfffd;
	*at += more;
	return character;
}

static void append_string(struct text *out, const char *string)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	text_append_char(out, '"');
	while (*string) {
		unsigned c = take_character(&string);
		const char *found = c < 0x80 ? strchr(escaped, (int)c) : NULL;

		if (found)
			text_append_format(out, "\\%c", letters[found - escaped]);
		else if (c > 0xffff)
			text_append_format(out, "\\u%04X\\u%04X", 0xd7c0 + (c >> 10),
					   0xdc00 + (c & 0x3ff));
		else if (c < 0x20 || c >= 0x7f)
			text_append_format(out, "\\u%04X", c);
		else
			text_append_char(out, (char)c);
	}
	text_append_char(out, '"');
}

struct writer {
	struct text *out;
	int level;
	bool behind; // another member stands before
};

static void append(struct text *out, const struct json *json, int level);

static void new_line(struct text *out, int level)
{
	text_append_format(out, "\n%*s", level * 4, "");
}

static void append_member(void *data, const char *key, const struct json *member)
{
	struct writer *writer = data;

	if (writer->behind)
		text_append_char(writer->out, ',');
	writer->behind = true;
	new_line(writer->out, writer->level);
	append_string(writer->out, key);
	text_append(writer->out, ": ");
	append(writer->out, member, writer->level);
}

static void append_array(struct text *out, const struct json *array, int level)
{
	text_append_char(out, '[');
	for (size_t i = 0; i < json_count(array); i++) {
		if (i > 0)
			text_append_char(out, ',');
		new_line(out, level + 1);
		append(out, json_at(array, i), level + 1);
	}
	new_line(out, level);
	text_append_char(out, ']');
}

static void append(struct text *out, const struct json *json, int level)
{
	struct writer members = {.out = out, .level = level + 1};
	struct value value = json_value(json);
	char *shown;

	if (json_is_array(json)) {
		append_array(out, json, level);
	} else if (json_is_object(json)) {
		text_append_char(out, '{');
		json_visit(json, append_member, &members);
		new_line(out, level);
		text_append_char(out, '}');
	} else if (value.type == VALUE_TEXT) {
		append_string(out, value.text);
	} else if (value.type == VALUE_BOOLEAN || value.type == VALUE_ABSENT) {
		text_append(out, value.type == VALUE_ABSENT ? "null"
				 : value.boolean            ? "true"
							    : "false");
	} else {
		shown = value_string(value);
		text_append(out, shown);
		free(shown);
	}
}

char *qemu_json_text(const struct json *json)
{
	struct text out = {0};

	append(&out, json, 0);
	text_append_char(&out, '\n');
	return text_take(&out);
}
