// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/neighbours.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "image/chain.h"
#include "image/path.h"
#include "output/json.h"

// FILE has the same beginning as PATH up to its last slash where it is relative to that.
static void add(const char *path, const char *file, struct list *names)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;

	if (!file || path_is_remote(file) || strncmp(file, path, length) != 0)
		return;
	file += length;
	if (*file != '/' && !list_has(names, file))
		list_add(names, file);
}

static void add_files_of(const char *path, const struct chain_link *link, struct list *names)
{
	const struct json *extents = json_get(link->image.details, "extents");
	const char *data = json_get_text(link->image.details, "data-file");
	auto_free char *data_path = data ? path_beside(link->path, data) : NULL;

	add(path, link->path, names);
	add(path, data_path, names);
	for (size_t i = 0; i < json_count(extents); i++)
		add(path, json_get_text(json_at(extents, i), "filename"), names);
}

void neighbours_find(const char *path, const char *backing, struct list *names)
{
	auto_free char *below = backing ? path_beside(path, backing) : NULL;
	auto_error struct error ignored = {0};
	auto_chain struct chain chain = {0};

	if (!below || *backing == '/' || path_is_remote(below))
		return;
	add(path, below, names);
	// What cannot be read is for whoever opens it to say.
	if (chain_walk(below, NULL, &chain, &ignored) < 0)
		return;
	for (size_t i = 0; i < chain.count; i++)
		add_files_of(path, &chain.links[i], names);
}
