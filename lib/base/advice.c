// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/advice.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

struct values {
	va_list list;
};

size_t advice_mark(const char *c)
{
	static const char *const marks[] = {"$0", "$vmctl", "$virt-viewer"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (text_begins(c, marks[i]))
			return strlen(marks[i]);
	return 0;
}

// How many bytes at C may stand as they are, which are one character of UTF-8 and no control
// character; 0: none.
static size_t plain_length(const unsigned char *c)
{
	size_t length = *c < 0x80                 ? 1
			: *c >= 0xc2 && *c < 0xe0 ? 2
			: (*c & 0xf0) == 0xe0     ? 3
			: *c >= 0xf0 && *c < 0xf5 ? 4
						  : 0;

	if (*c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0) ||
	    advice_mark((const char *)c))
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static bool is_plain(const char *word)
{
	size_t length;

	for (const unsigned char *c = (const unsigned char *)word; *c; c += length) {
		length = plain_length(c);
		if (!length)
			return false;
	}
	return true;
}

void advice_append_word(struct text *text, const char *word)
{
	if (is_plain(word)) {
		text_append_quoted(text, word);
		return;
	}
	text_append(text, "$'");
	for (const unsigned char *c = (const unsigned char *)word; *c;) {
		size_t length = plain_length(c);

		if (!length) {
			text_append_format(text, "\\x%02x", *c++);
			continue;
		}
		if (*c == '\'' || *c == '\\')
			text_append_char(text, '\\');
		text_append_bytes(text, (const char *)c, length);
		c += length;
	}
	text_append_char(text, '\'');
}

#define CONVERSION(spelling_, type_)                                                               \
	if (text_begins(format, spelling_)) {                                                      \
		text_append_format(text, "%" spelling_, va_arg(values->list, type_));              \
		return format + strlen(spelling_);                                                 \
	}

// Appends what FORMAT, behind its %, asks for; what follows in the format.
static const char *append_conversion(struct text *text, const char *format, struct values *values)
{
	CONVERSION("s", const char *)
	CONVERSION("d", int)
	CONVERSION("u", unsigned)
	CONVERSION("lu", unsigned long)
	CONVERSION("lld", long long)
	CONVERSION("llu", unsigned long long)
	CONVERSION("zu", size_t)
	CONVERSION(".1f", double)
	assert(*format == '%');
	text_append_char(text, '%');
	return format + 1;
}

static void end_word(struct text *text, struct text *word)
{
	static const char end_of_options[] = " -- ";
	const char *string = text_string(word);

	if (*string != '-' && text_ends(text_string(text), end_of_options))
		text_cut(text, strlen("-- "));
	advice_append_word(text, string);
	text_clear(word);
}

void advice_append_list(struct text *text, const char *format, va_list list)
{
	auto_text struct text word = {0};
	struct values values;
	bool inside = false;

	va_copy(values.list, list);
	for (const char *c = format; *c;) {
		// One behind a letter is an apostrophe: "the guest's disk".
		if (*c == '\'' && (inside || c == format || !isalnum((unsigned char)c[-1]))) {
			if (inside)
				end_word(text, &word);
			inside = !inside;
			c++;
		} else if (*c == '%') {
			c = append_conversion(inside ? &word : text, c + 1, &values);
		} else {
			text_append_char(inside ? &word : text, *c++);
		}
	}
	va_end(values.list);
	assert(!inside);
}

void advice_append(struct text *text, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	advice_append_list(text, format, list);
	va_end(list);
}

char *advice(const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	advice_append_list(&text, format, list);
	va_end(list);
	return text_take(&text);
}
