// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/json_layout.h"

#include <string.h>

#include "base/text.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The length of the string that JSON begins with, quotes and all.
static size_t string_length(const char *json)
{
	size_t length = 1;

	while (json[length] && json[length] != '"')
		length += json[length] == '\\' && json[length + 1] ? 2 : 1;
	return json[length] ? length + 1 : length;
}

static void indent(struct text *text, int depth)
{
	for (int i = 0; i < depth; i++)
		text_append(text, "  ");
}

char *json_layout(const char *json, bool indented)
{
	struct text text = {0};
	bool fresh = false; // a line has begun
	int depth = 0;

	for (size_t i = 0; json[i]; i++) {
		size_t length = json[i] == '"' ? string_length(json + i) : 1;
		bool opens = json[i] == '{' || json[i] == '[';
		bool closes = json[i] == '}' || json[i] == ']';

		if (is_blank(json[i]))
			continue;
		depth -= closes;
		if (indented && closes)
			text_append_char(&text, '\n');
		if (fresh || (indented && closes))
			indent(&text, depth);
		text_append_bytes(&text, json + i, length);
		fresh = indented && (opens || json[i] == ',');
		depth += opens;
		if (fresh)
			text_append_char(&text, '\n');
		if (indented && json[i] == ':')
			text_append_char(&text, ' ');
		i += length - 1;
	}
	return text_take(&text);
}

// The length of the value that JSON begins with.
static size_t value_length(const char *json)
{
	size_t i = 0;
	int depth = 0;

	for (; json[i]; i++) {
		if (json[i] == '"')
			i += string_length(json + i) - 1;
		else if (strchr("{[", json[i]))
			depth++;
		else if (strchr("}]", json[i]) && --depth < 0)
			break;
		else if (json[i] == ',' && depth == 0)
			break;
	}
	return i;
}

char *json_member(const char *json, const char *key)
{
	size_t i = strspn(json, " \t\n\r");

	if (json[i] != '{')
		return NULL;
	for (i++; json[i]; i++) {
		size_t length;
		bool found;

		if (json[i] != '"')
			continue;
		length = string_length(json + i);
		found = length == strlen(key) + 2 && strncmp(json + i + 1, key, length - 2) == 0;
		i += length;
		while (is_blank(json[i]) || json[i] == ':')
			i++;
		length = value_length(json + i);
		if (found)
			return text_strip(text_copy_bytes(json + i, length));
		i += length;
		if (!json[i])
			break;
	}
	return NULL;
}
