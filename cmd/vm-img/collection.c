// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/collection.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cmd/vm-img/vmctl.h"
#include "image/chain.h"
#include "image/location.h"
#include "image/parts.h"
#include "output/json.h"

// POOL is what vmctl tells of it; NULL for a directory that was named by its path.
static void add_place(struct collection *collection, const char *path, const struct json *pool)
{
	collection->places = memory_resize(collection->places, collection->place_count + 1,
					   sizeof(*collection->places));
	collection->places[collection->place_count++] =
		(struct place){.path = text_copy(path),
			       .pool = text_copy(json_get_text(pool, "name")),
			       .capacity = json_get_unsigned(pool, "capacity"),
			       .available = json_get_unsigned(pool, "available")};
}

struct json *collection_ask_pools(struct call *call, struct error *err)
{
	auto_list struct list words = {0};

	list_add(&words, "pool-list");
	list_add(&words, "--details");
	return vmctl_ask(call, &words, VMCTL_TIMEOUT, err);
}

static int add_pool(const struct json *pools, const char *name, struct collection *collection,
		    struct error *err)
{
	for (size_t i = 0; i < json_count(pools); i++) {
		const struct json *pool = json_at(pools, i);
		const char *path = json_get_text(pool, "path");

		if (!text_equal(json_get_text(pool, "name"), name))
			continue;
		if (path && file_is_directory(path)) {
			add_place(collection, path, pool);
			return 0;
		}
		error_set(err, STATUS_FAILED, "pool '%s' has no directory here", name);
		return error_hint(err, "$vmctl vol-list --details -- '%s' lists it", name);
	}
	error_set(err, STATUS_NOT_FOUND, "there is no directory and no active pool '%s'", name);
	return error_hint(err, "$vmctl pool-list shows the pools");
}

static int add_all_pools(struct call *call, struct collection *collection, struct error *err)
{
	auto_json struct json *pools = collection_ask_pools(call, err);

	if (!pools) {
		error_wrap(err, "cannot ask libvirt for its pools");
		return error_hint(err, "name the directories: vm-img %s DIRECTORY...",
				  call->command->name);
	}
	for (size_t i = 0; i < json_count(pools); i++) {
		const char *path = json_get_text(json_at(pools, i), "path");

		if (path && file_is_directory(path))
			add_place(collection, path, json_at(pools, i));
	}
	return 0;
}

// The directory of a file that was named.
static void add_file(struct collection *collection, const char *path)
{
	auto_free char *directory = file_directory(path);

	list_add(&collection->files, path);
	for (size_t i = 0; i < collection->place_count; i++)
		if (text_equal(collection->places[i].path, directory))
			return;
	add_place(collection, directory, NULL);
}

int collection_find_places(struct call *call, const struct list *names,
			   struct collection *collection, struct error *err)
{
	auto_json struct json *pools = NULL;

	if (!names->count)
		return add_all_pools(call, collection, err);
	for (size_t i = 0; i < names->count; i++) {
		auto_location struct location location = {0};
		const char *name;

		location_find(names->items[i], false, &location);
		name = location_is_local(&location) ? location.path : names->items[i];
		if (file_is_directory(name)) {
			add_place(collection, name, NULL);
			continue;
		}
		if (file_exists(name)) {
			add_file(collection, name);
			continue;
		}
		// A name with a slash can only be a path.
		if (strchr(name, '/'))
			return error_set(err, STATUS_NOT_FOUND,
					 "there is no directory and no file '%s'", name);
		if (!pools && !(pools = collection_ask_pools(call, err)))
			return error_wrap(err,
					  "'%s' is not a directory, and libvirt could not be asked "
					  "for a pool",
					  name);
		if (add_pool(pools, name, collection, err) < 0)
			return -1;
	}
	return 0;
}

static bool same_directory(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

void collection_add_place(struct collection *collection, const char *path, const struct json *pool)
{
	for (size_t i = 0; i < collection->place_count; i++)
		if (text_equal(collection->places[i].path, path) ||
		    same_directory(collection->places[i].path, path))
			return;
	add_place(collection, path, pool);
	collection->places[collection->place_count - 1].searched = true;
}

static long find_inode(const struct collection *collection, dev_t device, ino_t inode)
{
	for (size_t i = 0; i < collection->count; i++)
		if (collection->all[i].image.inode == inode &&
		    collection->all[i].image.device == device)
			return (long)i;
	return MEMBER_NONE;
}

long collection_find(const struct collection *collection, const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 ? MEMBER_NONE
				       : find_inode(collection, status.st_dev, status.st_ino);
}

// STATUS is that of PATH, known by now; FORMAT as for image_read().
static long add_image(struct collection *collection, const char *path, const char *format,
		      const struct stat *status)
{
	struct member new = {.path = text_copy(path), .below = MEMBER_NONE, .owner = MEMBER_NONE};
	auto_error struct error failure = {0};

	if (image_read(path, format, &new.image, &failure) < 0) {
		new.failure = failure.reason
				      ? text_format("%s: %s", failure.message, failure.reason)
				      : text_copy(failure.message);
		new.image.allocated = (unsigned long long)status->st_blocks * 512;
		new.image.device = status->st_dev;
		new.image.inode = status->st_ino;
	}
	// Doubled each time, since there may be many.
	if ((collection->count & (collection->count - 1)) == 0)
		collection->all = memory_resize(collection->all,
						collection->count ? collection->count * 2 : 1,
						sizeof(*collection->all));
	collection->all[collection->count] = new;
	return (long)collection->count++;
}

static bool is_visible(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

// By what a person takes for their order: web2 before web10.
static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static int read_place(struct collection *collection, size_t place, struct error *err)
{
	const char *directory = collection->places[place].path;
	auto_list struct list names = {0};
	DIR *all = opendir(directory);
	struct dirent *entry;

	if (!all)
		return error_set_errno(err, errno, "cannot read '%s'", directory);
	while ((entry = readdir(all)))
		if (is_visible(entry))
			list_add(&names, entry->d_name);
	closedir(all);
	if (names.count > 1)
		qsort(names.items, names.count, sizeof(*names.items), compare_names);
	for (size_t i = 0; i < names.count && !interrupt_signal(); i++) {
		auto_free char *path = text_format("%s/%s", directory, names.items[i]);
		struct stat status;
		long added;

		if (stat(path, &status) < 0 ||
		    !(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)) ||
		    find_inode(collection, status.st_dev, status.st_ino) != MEMBER_NONE)
			continue;
		added = add_image(collection, path, NULL, &status);
		collection->all[added].place = place;
		collection->all[added].outside = collection->places[place].searched;
	}
	return 0;
}

// For one image the way down to what it stands on.
struct descent {
	const struct collection *collection;
	size_t from;
};

// What is linked has no loop in it: its ways down come to an end.
static bool stands_on_it(const void *walk, const struct stat *status)
{
	const struct descent *descent = walk;
	const struct collection *collection = descent->collection;
	long at = find_inode(collection, status->st_dev, status->st_ino);

	while (at != MEMBER_NONE && at != (long)descent->from)
		at = collection->all[at].below;
	return at != MEMBER_NONE;
}

// What the image at INDEX stands on is looked for, and read where it is in none of the places. That
// makes entries behind this one, whose turn is to come.
static void find_below(struct collection *collection, size_t index)
{
	struct member *member = &collection->all[index];
	const char *format = member->image.backing_format;
	const struct descent descent = {.collection = collection, .from = index};
	const struct chain_step step = {.path = member->path,
					.image = &member->image,
					.is_above = stands_on_it,
					.walk = &descent};
	auto_free char *path = NULL;
	struct stat status;
	enum chain_end end = chain_next(&step, &path, &status);
	long below;

	member->loops = end == CHAIN_LOOP;
	if (end == CHAIN_REMOTE)
		member->remote = text_copy(member->image.backing_file);
	if (end == CHAIN_MISSING)
		member->missing = take(&path);
	if (!path || member->loops)
		return;
	below = find_inode(collection, status.st_dev, status.st_ino);
	if (below == MEMBER_NONE) {
		below = add_image(collection, path, format, &status);
		collection->all[below].outside = true;
	}
	collection->all[index].below = below;
	collection->all[below].overlays++;
}

static void find_part(struct collection *collection, size_t owner, const char *path)
{
	long part = collection_find(collection, path);

	if (part != MEMBER_NONE && part != (long)owner)
		collection->all[part].owner = (long)owner;
}

// The files in which another one keeps its data.
static void find_parts(struct collection *collection)
{
	for (size_t i = 0; i < collection->count; i++) {
		auto_list struct list parts = {0};

		// The first is the image itself.
		parts_of_image(collection->all[i].path, &collection->all[i].image, &parts);
		for (size_t k = 1; k < parts.count; k++)
			find_part(collection, i, parts.items[k]);
	}
}

// Looks at what was added for what it stands on and whose parts are in it.
static void link_images(struct collection *collection)
{
	for (; collection->linked < collection->count && !interrupt_signal(); collection->linked++)
		find_below(collection, collection->linked);
	find_parts(collection);
}

long collection_add(struct collection *collection, const char *path, const char *format)
{
	size_t first = collection->count;
	struct stat status;
	long added;

	if (stat(path, &status) < 0 || !(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)))
		return MEMBER_NONE;
	added = add_image(collection, path, format, &status);
	collection->all[added].outside = true;
	link_images(collection);
	return (long)first;
}

int collection_read(struct collection *collection, struct error *err)
{
	collection->listed = collection->place_count;
	for (; collection->read < collection->place_count; collection->read++)
		if (read_place(collection, collection->read, err) < 0)
			return -1;
	link_images(collection);
	return interrupt_check(err);
}

void collection_read_more(struct collection *collection)
{
	for (; collection->read < collection->place_count; collection->read++) {
		auto_error struct error ignored = {0};

		read_place(collection, collection->read, &ignored);
	}
	link_images(collection);
}

bool collection_is_listed(const struct collection *collection, size_t index)
{
	if (!collection->files.count)
		return !collection->all[index].outside;
	for (size_t i = 0; i < collection->files.count; i++)
		if (collection_find(collection, collection->files.items[i]) == (long)index)
			return true;
	return false;
}

void collection_clear(struct collection *collection)
{
	for (size_t i = 0; i < collection->place_count; i++) {
		free(collection->places[i].path);
		free(collection->places[i].pool);
	}
	for (size_t i = 0; i < collection->count; i++) {
		free(collection->all[i].path);
		free(collection->all[i].failure);
		free(collection->all[i].missing);
		free(collection->all[i].remote);
		image_clear(&collection->all[i].image);
		list_clear(&collection->all[i].guests);
		list_clear(&collection->all[i].states);
		list_clear(&collection->all[i].users);
	}
	list_clear(&collection->files);
	list_clear(&collection->named);
	free(collection->places);
	free(collection->all);
	*collection = (struct collection){0};
}
