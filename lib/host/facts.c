// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/facts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/root.h"

void facts_parse(struct facts *facts, const char *text)
{
	auto_list struct list lines = list_split(text, "\n");

	facts->recorded = true;
	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]), *equals = strchr(line, '=');

		if (*line == '#' || !equals)
			continue;
		list_add_owned(&facts->keys, text_copy_bytes(line, (size_t)(equals - line)));
		list_add(&facts->values, equals + 1);
	}
}

void facts_read(struct facts *facts, const struct root *root)
{
	auto_free char *text = root->live ? NULL : root_read(root, FACTS_FILE, ROOT_MOST);

	if (text)
		facts_parse(facts, text);
}

void facts_add(struct facts *facts, const char *key, const char *format, ...)
{
	struct text value = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&value, format, list);
	va_end(list);
	list_add(&facts->keys, key);
	list_add_owned(&facts->values, text_take(&value));
}

const char *facts_get(const struct facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->keys.count; i++)
		if (text_equal(facts->keys.items[i], key)) {
			if (facts->asked && !list_has(facts->asked, key))
				list_add(facts->asked, key);
			return facts->values.items[i];
		}
	return NULL;
}

double facts_number(const struct facts *facts, const char *key, double otherwise)
{
	const char *value = facts_get(facts, key);
	char *end = NULL;
	double number;

	if (!value)
		return otherwise;
	number = strtod(value, &end);
	return end == value ? otherwise : number;
}

char *facts_string(const struct facts *facts)
{
	struct text text = {0};

	for (size_t i = 0; i < facts->keys.count; i++)
		text_append_format(&text, "%s=%s\n", facts->keys.items[i], facts->values.items[i]);
	return text_take(&text);
}

void facts_clear(struct facts *facts)
{
	list_clear(&facts->keys);
	list_clear(&facts->values);
	facts->recorded = false;
}
