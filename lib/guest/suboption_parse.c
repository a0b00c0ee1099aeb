// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/suboption_parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

enum { INDEX_MOST = 255 }; // of a repeated element: more would only be a way to fill the memory

// What every table with an element takes beside its own rows.
static const struct suboption common_rows[] = {
	CALL("xpath#.delete", NULL, COMMAS, NULL), CALL("xpath#.set", NULL, COMMAS, NULL),
	CALL("xpath#.create", NULL, COMMAS, NULL), CALL("xpath#.value", NULL, COMMAS, NULL),
	CALL("clearxml", NULL, BOOLEAN, NULL),     ROWS_END,
};

void parts_clear(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->items[i].name);
		free(parts->items[i].value);
	}
	free(parts->items);
	*parts = (struct parts){0};
}

static bool name_fits(const char *pattern, const char *name, int *index)
{
	*index = 0;
	for (; *pattern; pattern++) {
		if (*pattern == '#') {
			int number = 0;

			for (; isdigit((unsigned char)*name); name++)
				number = number > INDEX_MOST ? number : number * 10 + (*name - '0');
			*index = number > *index ? number : *index;
		} else if (*pattern != *name++) {
			return false;
		}
	}
	return *name == '\0';
}

bool row_fits(const struct suboption *row, const char *name, const char **pattern, int *index)
{
	*pattern = row->name;
	if (name_fits(row->name, name, index))
		return true;
	for (const char *const *alias = row->aliases; alias && *alias; alias++) {
		*pattern = *alias;
		if (name_fits(*alias, name, index))
			return true;
	}
	return false;
}

static const struct suboption *find_among(const struct suboption *rows, const char *name)
{
	const char *pattern;
	int index;

	for (const struct suboption *row = rows; row->name; row++)
		if (row_fits(row, name, &pattern, &index))
			return row;
	return NULL;
}

const struct suboption *row_named(const struct suboption_table *table, const char *name)
{
	const struct suboption *found = NULL;

	for (const struct suboption *const *group = table->groups; *group && !found; group++)
		found = find_among(*group, name);
	return found ? found : find_among(common_rows, name);
}

bool part_is_xpath(const struct part *part)
{
	return strncmp(part->name, "xpath", 5) == 0 && find_among(common_rows, part->name);
}

// Splits at commas outside quotes; quotes and backslashes work as in a shell and go away.
static struct list split(const char *text)
{
	struct list pieces = {0};
	struct text piece = {0};
	char quote = '\0';

	for (const char *c = text; *c; c++) {
		if (quote && *c == quote)
			quote = '\0';
		else if (!quote && (*c == '"' || *c == '\''))
			quote = *c;
		else if (*c == '\\' && quote != '\'' && c[1])
			text_append_char(&piece, *++c);
		else if (*c == ',' && !quote)
			list_add_owned(&pieces, text_take(&piece));
		else
			text_append_char(&piece, *c);
	}
	list_add_owned(&pieces, text_take(&piece));
	return pieces;
}

// Takes NAME over. NOLINTNEXTLINE(readability-non-const-parameter)
static struct part *add_part(struct parts *parts, char *name, const char *value, bool expanded)
{
	struct part *part;

	parts->items = memory_resize(parts->items, parts->count + 1, sizeof(*parts->items));
	part = &parts->items[parts->count++];
	*part = (struct part){.name = name, .value = text_copy(value), .expanded = expanded};
	return part;
}

static bool takes_commas(const struct suboption_table *table, const struct part *part)
{
	const struct suboption *row = part && part->value ? row_named(table, part->name) : NULL;

	return row && row->value == TAKES_COMMAS;
}

static bool expand(const struct suboption_table *table, const char *piece, const char **name,
		   const char **value)
{
	return table->expand && table->expand(piece, name, value);
}

static bool is_known(const struct suboption_table *table, const char *piece)
{
	auto_free char *name = text_copy_bytes(piece, strcspn(piece, "="));
	const char *ignored;

	return row_named(table, name) || expand(table, piece, &ignored, &ignored);
}

static void continue_value(struct part *part, const char *piece)
{
	char *longer = text_format("%s,%s", part->value, piece);

	free(part->value);
	part->value = longer;
}

static void parse(const struct suboption_table *table, const char *text, struct parts *parts)
{
	auto_list struct list pieces = split(text);
	const char *const *leading = table->leading;
	struct part *last = NULL;

	for (size_t i = 0; i < pieces.count; i++) {
		const char *piece = pieces.items[i];
		size_t length = strcspn(piece, "=");
		const char *name, *value;

		if (!*piece)
			continue;
		// A path or URL at the start may have `=` in it: no name has a slash.
		if (takes_commas(table, last) && !is_known(table, piece)) {
			continue_value(last, piece);
		} else if (piece[length] && !(leading && memchr(piece, '/', length))) {
			last = add_part(parts, text_copy_bytes(piece, length), piece + length + 1,
					false);
			leading = NULL;
		} else if (expand(table, piece, &name, &value)) {
			last = add_part(parts, text_copy(name), value, true);
		} else if (leading && *leading) {
			last = add_part(parts, text_copy(*leading), piece, false);
			leading++;
		} else {
			last = add_part(parts, text_copy(piece), NULL, false);
		}
	}
}

int parts_read(const struct suboption_table *table, const char *text, struct parts *parts,
	       struct error *err)
{
	auto_list struct list unknown = {0};
	auto_free char *names = NULL;

	parse(table, text, parts);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		if (!row_named(table, part->name))
			list_add_format(&unknown, "'%s'", part->name);
		else if (!part->value)
			return error_set(err, STATUS_USAGE, "%s: Option '%s' had no value set.",
					 table->option, part->name);
	}
	if (!unknown.count)
		return 0;
	names = list_join(&unknown, ", ");
	error_set(err, STATUS_USAGE, "Unknown %s options: %s", table->option, names);
	return error_hint(err, "%s help lists them", table->option);
}

int suboption_boolean(const char *name, const char *value, bool *boolean, struct error *err)
{
	static const char *const words[] = {"no",  "n", "0", "false", "f", "off",
					    "yes", "y", "1", "true",  "t", "on"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(words[i], value) == 0) {
			*boolean = i >= sizeof(words) / sizeof(*words) / 2;
			return 0;
		}
	return error_set(err, STATUS_USAGE, "%s must be 'yes' or 'no', it is '%s'", name, value);
}

static void add_name(const char *pattern, const char *of, struct list *names)
{
	auto_free char *name = text_copy(pattern);
	char *mark;

	while ((mark = strchr(name, '#')))
		memmove(mark, mark + 1, strlen(mark));
	if (of)
		list_add_format(names, "%s (%s)", name, of);
	else
		list_add(names, name);
}

void suboptions_names(const struct suboption_table *table, bool shown, struct list *names)
{
	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++) {
			add_name(row->name, NULL, names);
			for (const char *const *alias = row->aliases; alias && *alias; alias++)
				add_name(*alias, shown ? row->name : NULL, names);
		}
}

bool suboptions_asked(const char *text)
{
	return text_equal(text, "help") || text_equal(text, "?") || text_equal(text, "=?");
}
