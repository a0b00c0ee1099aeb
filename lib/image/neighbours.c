// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/neighbours.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "image/parts.h"
#include "image/path.h"

// FILE has the same beginning as PATH up to its last slash where it is relative to that.
static void add(const char *path, const char *file, struct list *names)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;

	if (strncmp(file, path, length) != 0)
		return;
	file += length;
	if (*file != '/' && !list_has(names, file))
		list_add(names, file);
}

void neighbours_find(const char *path, const char *backing, struct list *names)
{
	auto_free char *below = backing ? path_beside(path, backing) : NULL;
	auto_list struct list parts = {0};

	if (!below || *backing == '/' || path_is_remote(below))
		return;
	parts_find(below, NULL, &parts);
	for (size_t i = 0; i < parts.count; i++)
		add(path, parts.items[i], names);
}
