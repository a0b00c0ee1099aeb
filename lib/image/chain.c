// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/chain.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "image/location.h"

enum { LINKS_MOST = 200 }; // libvirt's own limit

typedef int reader(const char *path, const char *format, struct image *image, struct error *err);

static bool has(const void *walk, const struct stat *status)
{
	const struct chain *chain = walk;

	for (size_t i = 0; i < chain->count; i++)
		if (chain->links[i].image.device == status->st_dev &&
		    chain->links[i].image.inode == status->st_ino)
			return true;
	return false;
}

static int add(struct chain *chain, reader *read, const char *path, const char *format,
	       struct error *err)
{
	auto_image struct image image = {0};

	if (read(path, format, &image, err) < 0)
		return -1;
	chain->links = memory_resize(chain->links, chain->count + 1, sizeof(*chain->links));
	chain->links[chain->count++] = (struct chain_link){.path = text_copy(path), .image = image};
	image = (struct image){0};
	return 0;
}

enum chain_end chain_next(const struct chain_step *step, char **next, struct stat *status)
{
	const char *backing = step->image->backing_file;
	auto_location struct location location = {0};

	*next = NULL;
	if (!backing)
		return CHAIN_WHOLE;
	location_beside(step->path, backing, &location);
	if (!location_is_local(&location))
		return CHAIN_REMOTE;
	*next = take(&location.path);
	if (stat(*next, status) < 0)
		return CHAIN_MISSING;
	if (!S_ISREG(status->st_mode) && !S_ISBLK(status->st_mode))
		return CHAIN_SPECIAL;
	return step->is_above(step->walk, status) ? CHAIN_LOOP : CHAIN_WHOLE;
}

// The path of what the last link stands on, the caller's; NULL where there is none to follow.
static char *next_path(struct chain *chain)
{
	const struct chain_link *last = &chain->links[chain->count - 1];
	struct stat status;
	char *next;

	chain->end = chain_next(
		&(struct chain_step){
			.path = last->path, .image = &last->image, .is_above = has, .walk = chain},
		&next, &status);
	if (chain->end == CHAIN_REMOTE)
		chain->remote = last->image.backing_file;
	else if (next && chain->end == CHAIN_WHOLE && chain->count >= LINKS_MOST)
		chain->end = CHAIN_LONG;
	return next;
}

static char *describe(const struct chain *chain, enum chain_end end)
{
	switch (end) {
	case CHAIN_MISSING:
		return text_copy("No such file or directory");
	case CHAIN_SPECIAL:
		return text_copy("neither a file nor a block device");
	case CHAIN_LOOP:
		return text_format("the backing chain of '%s' is a loop", chain->links[0].path);
	case CHAIN_LONG:
		return text_format("the backing chain of '%s' has more than %d files",
				   chain->links[0].path, LINKS_MOST);
	default:
		return NULL;
	}
}

// Reads what the last link stands on, at PATH.
static void follow(struct chain *chain, reader *read, const char *path)
{
	const char *format = chain->links[chain->count - 1].image.backing_format;
	auto_error struct error failure = {0};

	if (chain->end == CHAIN_WHOLE && add(chain, read, path, format, &failure) == 0)
		return;
	if (chain->end == CHAIN_WHOLE)
		chain->end = failure.status == STATUS_FAILED ? CHAIN_UNSOUND : CHAIN_MISSING;
	chain->next = text_copy(path);
	chain->failure = describe(chain, chain->end);
	if (failure.status) {
		free(chain->failure);
		chain->failure = failure.reason
					 ? text_format("%s: %s", failure.message, failure.reason)
					 : text_copy(failure.message);
	}
}

static int walk(const char *path, const char *format, reader *read, struct chain *chain,
		struct error *err)
{
	auto_chain struct chain found = {0};
	auto_free char *next = NULL;

	if (add(&found, read, path, format, err) < 0)
		return -1;
	while (found.end == CHAIN_WHOLE && (next = next_path(&found))) {
		follow(&found, read, next);
		free(take(&next));
	}
	*chain = found;
	found = (struct chain){0};
	return 0;
}

int chain_walk(const char *path, const char *format, struct chain *chain, struct error *err)
{
	return walk(path, format, image_read, chain, err);
}

int chain_walk_outline(const char *path, const char *format, struct chain *chain, struct error *err)
{
	return walk(path, format, image_read_outline, chain, err);
}

int chain_check_end(const struct chain *chain, struct error *err)
{
	switch (chain->end) {
	case CHAIN_LOOP:
	case CHAIN_LONG:
		error_set(err, STATUS_FAILED, "%s", chain->failure);
		return error_hint(err,
				  "vm-img rebase -u -b FILE -F FORMAT -- '%s' names another "
				  "backing file",
				  chain->links[chain->count - 1].path);
	case CHAIN_SPECIAL:
		return error_set(err, STATUS_FAILED, "the backing file '%s' of '%s' is %s",
				 chain->next, chain->links[chain->count - 1].path, chain->failure);
	default:
		return 0;
	}
}

int chain_read(const char *path, const char *format, struct chain *chain, struct error *err)
{
	auto_chain struct chain found = {0};

	if (chain_walk(path, format, &found, err) < 0 || chain_check_end(&found, err) < 0)
		return -1;
	if (found.end == CHAIN_MISSING || found.end == CHAIN_UNSOUND) {
		error_set(err, found.end == CHAIN_MISSING ? STATUS_NOT_FOUND : STATUS_FAILED,
			  "'%s': %s", found.next, found.failure);
		return error_wrap(err, "cannot open the backing file of '%s'",
				  found.links[found.count - 1].path);
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
	free(chain->next);
	free(chain->failure);
	*chain = (struct chain){0};
}
