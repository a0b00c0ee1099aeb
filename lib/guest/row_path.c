// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/row_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/suboption.h"
#include "guest/suboption_parse.h"
#include "xml/document.h"
#include "xml/path.h"

enum { NESTED_MOST = 8 }; // indices in a name

// The indices of NAME put into PATTERN's path: "host#" becomes "host[N]", counted from 1.
static char *indexed_path(const char *pattern, const char *name, const char *path)
{
	struct text out = {0};
	int indices[NESTED_MOST] = {0}, count = 0, next = 0;

	for (; *pattern; pattern++) {
		if (*pattern == '#' && count < NESTED_MOST)
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

char *row_path(const struct suboption *row, const char *name)
{
	auto_free char *path = row->path ? text_copy(row->path) : derived_path(row->name);
	const char *pattern;
	int index;

	row_fits(row, name, &pattern, &index);
	return indexed_path(pattern, name, path);
}

// Takes the elements before the one that the DEPTH-th index of PATH is for away where they are
// empty.
static void prune_before(struct xml_element *element, const char *path, int depth)
{
	const char *bracket = path - 1;

	for (int i = 0; i < depth && bracket; i++)
		bracket = strchr(bracket + 1, '[');
	for (long index = bracket ? strtol(bracket + 1, NULL, 10) : 0; --index > 0;) {
		auto_free char *before =
			text_format("%.*s[%ld]", (int)(bracket - path), path, index);
		struct xml_element *found = path_find(element, before);

		if (found && xml_is_empty(found))
			xml_remove(found);
	}
}

// The innermost first, as an index counts what is there.
void row_path_prune(const struct suboption_table *table, const struct parts *parts,
		    struct xml_element *element)
{
	for (int depth = NESTED_MOST; depth > 0; depth--)
		for (size_t i = 0; i < parts->count; i++) {
			const struct suboption *row = row_named(table, parts->items[i].name);
			auto_free char *path =
				row && !row->set ? row_path(row, parts->items[i].name) : NULL;

			if (path && strchr(row->name, '#'))
				prune_before(element, path, depth);
		}
}
