// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void reserve(struct text *text, size_t more)
{
	size_t needed = text->length + more + 1;

	if (needed <= text->capacity)
		return;
	text->capacity = needed < 64 ? 64 : needed * 2;
	text->data = memory_resize(text->data, text->capacity, 1);
}

void text_append_bytes(struct text *text, const char *bytes, size_t length)
{
	reserve(text, length);
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char character)
{
	text_append_bytes(text, &character, 1);
}

void text_append_list(struct text *text, const char *format, va_list list)
{
	va_list again;
	int length;

	va_copy(again, list);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return;
	reserve(text, (size_t)length);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, list);
	text->length += (size_t)length;
}

void text_append_format(struct text *text, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	text_append_list(text, format, list);
	va_end(list);
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

char *text_take(struct text *text)
{
	char *data;

	reserve(text, 0);
	data = text->data;
	data[text->length] = '\0';
	*text = (struct text){0};
	return data;
}

void text_drop(struct text *text, size_t count)
{
	if (!text->data)
		return;
	count = count < text->length ? count : text->length;
	text->length -= count;
	memmove(text->data, text->data + count, text->length + 1);
}

void text_cut(struct text *text, size_t count)
{
	if (!text->data)
		return;
	text->length -= count < text->length ? count : text->length;
	text->data[text->length] = '\0';
}

void text_clear(struct text *text)
{
	free(text->data);
	*text = (struct text){0};
}

char *text_copy_bytes(const char *bytes, size_t length)
{
	char *copy = memory_new(length + 1, 1);

	memcpy(copy, bytes, length);
	return copy;
}

char *text_copy(const char *string)
{
	return string ? text_copy_bytes(string, strlen(string)) : NULL;
}

char *text_format(const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	return text_take(&text);
}

bool text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool text_begins(const char *string, const char *prefix)
{
	return string && prefix && strncmp(string, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *string, const char *suffix)
{
	size_t length, tail;

	if (!string || !suffix)
		return false;
	length = strlen(string);
	tail = strlen(suffix);
	return length >= tail && strcmp(string + length - tail, suffix) == 0;
}

void text_append_harmless(struct text *text, const char *string, bool lines)
{
	for (const unsigned char *c = (const unsigned char *)string; *c; c++) {
		// 0xC2 0x80..0x9F are the C1 control characters in UTF-8: some terminals obey them.
		bool c1 = c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f;

		if (lines && (*c == '\n' || *c == '\t'))
			text_append_char(text, (char)*c);
		else if (*c < 0x20 || *c == 0x7f)
			text_append_format(text, "\\x%02x", *c);
		else if (c1)
			text_append_format(text, "\\x%02x\\x%02x", c[0], c[1]), c++;
		else
			text_append_char(text, (char)*c);
	}
}

void text_append_xml(struct text *text, const char *string)
{
	static const char special[] = "&<>'\"";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&apos;", "&quot;"};

	for (; *string; string++) {
		const char *found = strchr(special, *string);

		if (found)
			text_append(text, entities[found - special]);
		else
			text_append_char(text, *string);
	}
}

void text_append_quoted(struct text *text, const char *string)
{
	text_append_char(text, '\'');
	for (const char *c = string; *c; c++) {
		if (*c == '\'')
			text_append(text, "'\\''");
		else
			text_append_char(text, *c);
	}
	text_append_char(text, '\'');
}

char *text_shorten(const char *text, size_t most)
{
	enum { DOTS = 3 };
	size_t length = strlen(text), begin, end;

	if (length <= most || most < DOTS)
		return text_copy(text);
	begin = end = (most - DOTS) / 2;
	// No character is cut in two.
	while (begin > 0 && (text[begin] & 0xc0) == 0x80)
		begin--;
	while (end > 0 && (text[length - end] & 0xc0) == 0x80)
		end--;
	return text_format("%.*s...%s", (int)begin, text, text + length - end);
}

char *text_strip(char *string)
{
	size_t length = strlen(string), start = strspn(string, " \t\r\n");

	while (length > start && strchr(" \t\r\n", string[length - 1]))
		length--;
	memmove(string, string + start, length - start);
	string[length - start] = '\0';
	return string;
}
