// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/statistics.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "output/json.h"
#include "output/report.h"
#include "virt/typed.h"

// "backingIndex" and "total-bytes" as "backing_index" and "total_bytes"; the caller's.
static char *key_of(const char *name, size_t length)
{
	struct text key = {0};

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];

		if (isupper(c))
			text_append_char(&key, '_');
		text_append_char(&key, isalnum(c) ? (char)tolower(c) : '_');
	}
	return text_take(&key);
}

// Where a parameter stands below a prefix.
struct part {
	const char *name; // lent: of this component
	size_t length;
	bool leaf; // no further component follows
};

static bool part_below(const virTypedParameter *parameter, const char *prefix, struct part *part)
{
	if (!text_begins(parameter->field, prefix))
		return false;
	part->name = parameter->field + strlen(prefix);
	part->length = strcspn(part->name, ".");
	part->leaf = !part->name[part->length];
	return true;
}

// Whether an earlier parameter than number I has the same component below PREFIX.
static bool seen(struct statistics all, size_t i, const char *prefix, const struct part *part)
{
	struct part other;

	for (size_t k = 0; k < i; k++)
		if (part_below(&all.items[k], prefix, &other) && other.length == part->length &&
		    strncmp(other.name, part->name, part->length) == 0)
			return true;
	return false;
}

static bool is_number(const struct part *part)
{
	return part->length && strspn(part->name, "0123456789") >= part->length;
}

static struct json *tree(struct statistics all, const char *prefix, const char *index)
{
	struct json *object = json_new_object(), *items = NULL;
	struct part part;

	if (index)
		json_set(object, "index", value_unsigned(strtoull(index, NULL, 10)));
	for (size_t i = 0; i < all.count; i++) {
		auto_free char *key = NULL, *below = NULL;

		if (!part_below(&all.items[i], prefix, &part) || seen(all, i, prefix, &part))
			continue;
		key = key_of(part.name, part.length);
		below = text_format("%s%.*s.", prefix, (int)part.length, part.name);
		if (part.leaf)
			json_set(object, key, typed_value(&all.items[i]));
		else if (!is_number(&part))
			json_set_json(object, key, tree(all, below, NULL));
		else {
			items = items ? items : json_new_array();
			json_append_json(items, tree(all, below, key));
		}
	}
	if (items)
		json_set_json(object, "items", items);
	return object;
}

void statistics_report(struct report *report, struct statistics statistics)
{
	struct json *other = NULL;
	struct part part;

	if (!report_is_json(report))
		return;
	for (size_t i = 0; i < statistics.count; i++) {
		auto_free char *key = NULL, *prefix = NULL;
		auto_json struct json *json = NULL;

		if (!part_below(&statistics.items[i], "", &part) || seen(statistics, i, "", &part))
			continue;
		key = key_of(part.name, part.length);
		prefix = text_format("%.*s.", (int)part.length, part.name);
		if (report_declares(report, key) && part.leaf) {
			report_value(report, key, typed_value(&statistics.items[i]));
			continue;
		}
		json = part.leaf ? NULL : tree(statistics, prefix, NULL);
		if (json && report_declares(report, key)) {
			report_json(report, key, json);
			continue;
		}
		other = other ? other : json_new_object();
		if (json)
			json_set_json(other, key, take(&json));
		else
			json_set(other, key, typed_value(&statistics.items[i]));
	}
	if (other)
		report_json(report, "other", other);
	json_free(other);
}
