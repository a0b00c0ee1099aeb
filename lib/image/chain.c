// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/chain.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "image/path.h"

enum { LINKS_MOST = 200 }; // libvirt's own limit

static int check_new(const struct chain *chain, const struct image *image, const char *path,
		     struct error *err)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->links[i].image.device == image->device &&
		    chain->links[i].image.inode == image->inode)
			return error_set(
				err, STATUS_FAILED,
				"the backing chain of '%s' is a loop: it comes back to '%s'",
				chain->links[0].path, path);
	if (chain->count >= LINKS_MOST)
		return error_set(err, STATUS_FAILED,
				 "the backing chain of '%s' has more than %d files",
				 chain->links[0].path, LINKS_MOST);
	return 0;
}

static int add_link(struct chain *chain, const char *path, const char *format, struct error *err)
{
	auto_image struct image image = {0};

	if (image_read(path, format, &image, err) < 0 || check_new(chain, &image, path, err) < 0)
		return -1;
	chain->links = memory_resize(chain->links, chain->count + 1, sizeof(*chain->links));
	chain->links[chain->count++] = (struct chain_link){.path = text_copy(path), .image = image};
	image = (struct image){0};
	return 0;
}

// The path of what the last link stands on; NULL at the end of the chain. The caller's.
static char *next_path(struct chain *chain)
{
	const struct chain_link *last = &chain->links[chain->count - 1];
	char *path;

	if (!last->image.backing_file)
		return NULL;
	path = path_beside(last->path, last->image.backing_file);
	if (!path_is_remote(path))
		return path;
	chain->remote = last->image.backing_file;
	free(path);
	return NULL;
}

int chain_read(const char *path, const char *format, struct chain *chain, struct error *err)
{
	auto_chain struct chain found = {0};
	auto_free char *next = NULL;

	if (add_link(&found, path, format, err) < 0)
		return -1;
	while ((next = next_path(&found))) {
		const struct image *last = &found.links[found.count - 1].image;

		if (add_link(&found, next, last->backing_format, err) < 0)
			return error_wrap(err, "'%s' lacks its backing file",
					  found.links[found.count - 1].path);
		free(take(&next));
	}
	*chain = found;
	found = (struct chain){0};
	return 0;
}

void chain_clear(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		free(chain->links[i].path);
		image_clear(&chain->links[i].image);
	}
	free(chain->links);
	*chain = (struct chain){0};
}
