// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/suboption.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "xml/path.h"

enum { INDEX_MOST = 255 }; // of a repeated element: more would only be a way to fill the memory

// One `name=value` of the text.
struct part {
	char *name;
	char *value; // NULL: there was none
};

struct parts {
	struct part *items;
	size_t count;
};

static void parts_clear(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->items[i].name);
		free(parts->items[i].value);
	}
	free(parts->items);
	*parts = (struct parts){0};
}
#define auto_parts __attribute__((cleanup(parts_clear)))

// Whether NAME is PATTERN, in which `#` is any number of digits; their value (of several the
// largest) goes to *INDEX.
static bool name_fits(const char *pattern, const char *name, int *index)
{
	*index = 0;
	if (!pattern)
		return false;
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

static bool alias_fits(const char *aliases, const char *name, int *index)
{
	auto_list struct list all = list_split(aliases ? aliases : "", "|");

	for (size_t i = 0; i < all.count; i++)
		if (name_fits(all.items[i], name, index))
			return true;
	return false;
}

static bool row_fits(const struct suboption *row, const char *name, int *index)
{
	return name_fits(row->name, name, index) || alias_fits(row->alias, name, index);
}

static const struct suboption *find_row(const struct suboption_table *table, const char *name)
{
	int index;

	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++)
			if (row_fits(row, name, &index))
				return row;
	return NULL;
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

static struct part *add_part(struct parts *parts, const char *name, size_t length,
			     const char *value)
{
	struct part *part;

	parts->items = memory_resize(parts->items, parts->count + 1, sizeof(*parts->items));
	part = &parts->items[parts->count++];
	*part = (struct part){.name = text_copy_bytes(name, length), .value = text_copy(value)};
	return part;
}

static bool takes_commas(const struct suboption_table *table, const struct part *part)
{
	const struct suboption *row = part && part->value ? find_row(table, part->name) : NULL;

	return row && row->kind == SUBOPTION_COMMAS;
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

	return find_row(table, name) || expand(table, piece, &ignored, &ignored);
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
		if (takes_commas(table, last) && !is_known(table, piece)) {
			continue_value(last, piece);
		} else if (piece[length]) {
			last = add_part(parts, piece, length, piece + length + 1);
			leading = NULL;
		} else if (expand(table, piece, &name, &value)) {
			last = add_part(parts, name, strlen(name), value);
		} else if (leading && *leading) {
			last = add_part(parts, *leading, strlen(*leading), piece);
			leading++;
		} else {
			last = add_part(parts, piece, length, NULL);
		}
	}
}

static int check_parts(const struct suboption_table *table, const struct parts *parts,
		       struct error *err)
{
	auto_list struct list unknown = {0};
	auto_free char *names = NULL;

	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		if (!part->value)
			return error_set(err, STATUS_USAGE, "%s: '%s' has no value", table->option,
					 part->name);
		if (!find_row(table, part->name))
			list_add_format(&unknown, "'%s'", part->name);
	}
	if (!unknown.count)
		return 0;
	names = list_join(&unknown, ", ");
	error_set(err, STATUS_USAGE, "%s does not know %s", table->option, names);
	return error_hint(err, "vm-install %s help lists what it knows", table->option);
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

// The indices of NAME put into PATTERN's path: "host#" becomes "host[N]", counted from 1.
static char *indexed_path(const char *pattern, const char *name, const char *path)
{
	struct text out = {0};
	int indices[8] = {0}, count = 0, next = 0;

	for (; *pattern; pattern++) {
		if (*pattern == '#' && count < 8)
			indices[count++] = (int)strtol(name, (char **)&name, 10);
		else if (*pattern != '#')
			name++;
	}
	for (; *path; path++) {
		if (*path == '#')
			text_append_format(&out, "[%d]", indices[next++] + 1);
		else
			text_append_char(&out, *path);
	}
	return text_take(&out);
}

// a.b.c as "a/b/@c".
static char *derived_path(const char *name)
{
	const char *last = strrchr(name, '.');
	char *path = last ? text_format("%.*s/@%s", (int)(last - name), name, last + 1)
			  : text_format("@%s", name);

	for (char *c = path; *c && *c != '@'; c++)
		if (*c == '.')
			*c = '/';
	return path;
}

static char *row_path(const struct suboption *row, const char *name)
{
	auto_free char *path = row->path ? text_copy(row->path) : derived_path(row->name);
	int index;

	return indexed_path(name_fits(row->name, name, &index) ? row->name : row->alias, name,
			    path);
}

// VALUE as the kind writes it, the caller's; NULL with the error set where it does not fit.
static char *written(const struct suboption *row, const struct part *part, struct error *err)
{
	bool boolean = false;
	char *end;
	long long number;

	switch (row->kind) {
	case SUBOPTION_INTEGER:
		errno = 0;
		number = strtoll(part->value, &end, 0);
		if (end == part->value || *end || errno) {
			error_set(err, STATUS_USAGE, "%s must be a number, it is '%s'", part->name,
				  part->value);
			return NULL;
		}
		return text_format("%lld", number);
	case SUBOPTION_ON_OFF:
	case SUBOPTION_YES_NO:
		if (suboption_boolean(part->name, part->value, &boolean, err) < 0)
			return NULL;
		if (row->kind == SUBOPTION_ON_OFF)
			return text_copy(boolean ? "on" : "off");
		return text_copy(boolean ? "yes" : "no");
	case SUBOPTION_FILE:
		return file_absolute(part->value);
	default:
		return text_copy(part->value);
	}
}

static int set_path(const struct suboption *row, const struct part *part,
		    struct xml_element *element, struct error *err)
{
	auto_free char *path = row_path(row, part->name), *value = NULL;
	bool boolean = false;

	if (!*part->value) {
		path_remove(element, path);
		return 0;
	}
	if (row->kind == SUBOPTION_PRESENT) {
		if (suboption_boolean(part->name, part->value, &boolean, err) < 0)
			return -1;
		if (boolean)
			path_create(element, path);
		else
			path_remove(element, path);
		return 0;
	}
	value = written(row, part, err);
	if (!value)
		return -1;
	path_set(element, path, value);
	return 0;
}

static int apply_row(const struct suboption_table *table, const struct suboption *row,
		     struct part *part, struct suboption_call *call, struct error *err)
{
	int failed;

	call->name = part->name;
	call->value = part->value;
	failed = row->set ? row->set(call, err) : set_path(row, part, call->element, err);
	return failed ? error_wrap(err, "%s %s=%s", table->option, part->name, call->value) : 0;
}

int suboptions_apply(const struct suboption_table *table, const char *text,
		     struct xml_element *element, void *data, struct error *err)
{
	struct suboption_call call = {.element = element, .data = data};
	auto_parts struct parts parts = {0};

	parse(table, text, &parts);
	if (check_parts(table, &parts, err) < 0)
		return -1;
	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++)
			for (size_t i = 0; i < parts.count; i++) {
				struct part *part = &parts.items[i];

				if (!row_fits(row, part->name, &call.index))
					continue;
				if (call.index > INDEX_MOST)
					return error_set(err, STATUS_USAGE,
							 "%s: the index of '%s' is too large",
							 table->option, part->name);
				if (apply_row(table, row, part, &call, err) < 0)
					return -1;
			}
	return 0;
}

void suboptions_names(const struct suboption_table *table, struct list *names)
{
	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++) {
			auto_free char *name = text_copy(row->name);
			char *mark;

			while ((mark = strchr(name, '#')))
				memmove(mark, mark + 1, strlen(mark));
			list_add(names, name);
			if (row->alias && !strpbrk(row->alias, "#|"))
				list_add(names, row->alias);
		}
}

bool suboptions_asked(const char *text)
{
	return text_equal(text, "help") || text_equal(text, "?") || text_equal(text, "=?");
}
