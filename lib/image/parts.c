// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/parts.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "image/chain.h"
#include "image/path.h"
#include "output/json.h"

static void add(const char *path, struct list *paths)
{
	if (path && !path_is_remote(path) && !list_has(paths, path))
		list_add(paths, path);
}

void parts_of_link(const struct chain_link *link, struct list *paths)
{
	const struct json *extents = json_get(link->image.details, "extents");
	const char *data = json_get_text(link->image.details, "data-file");
	auto_free char *data_path = data ? path_beside(link->path, data) : NULL;

	if (!list_has(paths, link->path))
		list_add(paths, link->path);
	add(data_path, paths);
	for (size_t i = 0; i < json_count(extents); i++)
		add(json_get_text(json_at(extents, i), "filename"), paths);
}

void parts_find(const char *path, const char *format, struct list *paths)
{
	auto_error struct error ignored = {0};
	auto_chain struct chain chain = {0};

	if (chain_walk(path, format, &chain, &ignored) < 0) {
		if (!list_has(paths, path))
			list_add(paths, path);
		return;
	}
	for (size_t i = 0; i < chain.count; i++)
		parts_of_link(&chain.links[i], paths);
}
