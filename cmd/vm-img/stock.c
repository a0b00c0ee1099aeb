// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/stock.h"

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
static void add_place(struct stock *stock, const char *path, const struct json *pool)
{
	stock->places =
		memory_resize(stock->places, stock->place_count + 1, sizeof(*stock->places));
	stock->places[stock->place_count++] =
		(struct place){.path = text_copy(path),
			       .pool = text_copy(json_get_text(pool, "name")),
			       .capacity = json_get_unsigned(pool, "capacity"),
			       .available = json_get_unsigned(pool, "available")};
}

struct json *stock_ask_pools(struct call *call, struct error *err)
{
	auto_list struct list words = {0};

	list_add(&words, "pool-list");
	list_add(&words, "--details");
	return vmctl_ask(call, &words, VMCTL_TIMEOUT, err);
}

static int add_pool(const struct json *pools, const char *name, struct stock *stock,
		    struct error *err)
{
	for (size_t i = 0; i < json_count(pools); i++) {
		const struct json *pool = json_at(pools, i);
		const char *path = json_get_text(pool, "path");

		if (!text_equal(json_get_text(pool, "name"), name))
			continue;
		if (path && file_is_directory(path)) {
			add_place(stock, path, pool);
			return 0;
		}
		error_set(err, STATUS_FAILED, "pool '%s' has no directory here", name);
		return error_hint(err, "vmctl vol-list %s --details lists it", name);
	}
	error_set(err, STATUS_NOT_FOUND, "there is no directory and no active pool '%s'", name);
	return error_hint(err, "vmctl pool-list shows the pools");
}

static int add_all_pools(struct call *call, struct stock *stock, struct error *err)
{
	auto_json struct json *pools = stock_ask_pools(call, err);

	if (!pools) {
		error_wrap(err, "cannot ask libvirt for its pools");
		return error_hint(err, "name the directories: vm-img %s DIRECTORY...",
				  call->command->name);
	}
	for (size_t i = 0; i < json_count(pools); i++) {
		const char *path = json_get_text(json_at(pools, i), "path");

		if (path && file_is_directory(path))
			add_place(stock, path, json_at(pools, i));
	}
	return 0;
}

// The directory of a file that was named.
static void add_file(struct stock *stock, const char *path)
{
	auto_free char *directory = file_directory(path);

	list_add(&stock->files, path);
	for (size_t i = 0; i < stock->place_count; i++)
		if (text_equal(stock->places[i].path, directory))
			return;
	add_place(stock, directory, NULL);
}

int stock_find_places(struct call *call, const struct list *names, struct stock *stock,
		      struct error *err)
{
	auto_json struct json *pools = NULL;

	if (!names->count)
		return add_all_pools(call, stock, err);
	for (size_t i = 0; i < names->count; i++) {
		auto_location struct location location = {0};
		const char *name;

		location_find(names->items[i], false, &location);
		name = location_is_local(&location) ? location.path : names->items[i];
		if (file_is_directory(name)) {
			add_place(stock, name, NULL);
			continue;
		}
		if (file_exists(name)) {
			add_file(stock, name);
			continue;
		}
		// A name with a slash can only be a path.
		if (strchr(name, '/'))
			return error_set(err, STATUS_NOT_FOUND,
					 "there is no directory and no file '%s'", name);
		if (!pools && !(pools = stock_ask_pools(call, err)))
			return error_wrap(
				err, "'%s' is no directory, and no pool could be asked for", name);
		if (add_pool(pools, name, stock, err) < 0)
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

void stock_add_place(struct stock *stock, const char *path, const struct json *pool)
{
	for (size_t i = 0; i < stock->place_count; i++)
		if (text_equal(stock->places[i].path, path) ||
		    same_directory(stock->places[i].path, path))
			return;
	add_place(stock, path, pool);
	stock->places[stock->place_count - 1].searched = true;
}

static long find_inode(const struct stock *stock, dev_t device, ino_t inode)
{
	for (size_t i = 0; i < stock->count; i++)
		if (stock->all[i].image.inode == inode && stock->all[i].image.device == device)
			return (long)i;
	return STOCK_NONE;
}

long stock_find(const struct stock *stock, const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 ? STOCK_NONE
				       : find_inode(stock, status.st_dev, status.st_ino);
}

// STATUS is that of PATH, known by now; FORMAT as for image_read().
static long add_image(struct stock *stock, const char *path, const char *format,
		      const struct stat *status)
{
	struct stocked new = {.path = text_copy(path), .below = STOCK_NONE, .owner = STOCK_NONE};
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
	if ((stock->count & (stock->count - 1)) == 0)
		stock->all = memory_resize(stock->all, stock->count ? stock->count * 2 : 1,
					   sizeof(*stock->all));
	stock->all[stock->count] = new;
	return (long)stock->count++;
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

static int read_place(struct stock *stock, size_t place, struct error *err)
{
	const char *directory = stock->places[place].path;
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
		    find_inode(stock, status.st_dev, status.st_ino) != STOCK_NONE)
			continue;
		added = add_image(stock, path, NULL, &status);
		stock->all[added].place = place;
		stock->all[added].outside = stock->places[place].searched;
	}
	return 0;
}

// What the image at INDEX stands on is looked for, and read where it is in none of the places. That
// makes entries behind this one, whose turn is to come.
static void find_below(struct stock *stock, size_t index)
{
	const struct image *image = &stock->all[index].image;
	auto_free char *path = NULL;
	enum chain_end end;
	struct stat status;
	long below;

	end = chain_next(stock->all[index].path, image, &path, &status);
	if (end == CHAIN_REMOTE)
		stock->all[index].remote = text_copy(image->backing_file);
	if (end == CHAIN_MISSING)
		stock->all[index].missing = take(&path);
	if (!path)
		return;
	below = find_inode(stock, status.st_dev, status.st_ino);
	if (below == STOCK_NONE) {
		below = add_image(stock, path, image->backing_format, &status);
		stock->all[below].outside = true;
	}
	stock->all[index].below = below;
	stock->all[below].overlays++;
}

static void find_part(struct stock *stock, size_t owner, const char *path)
{
	long part = stock_find(stock, path);

	if (part != STOCK_NONE && part != (long)owner)
		stock->all[part].owner = (long)owner;
}

// The files in which another one keeps its data.
static void find_parts(struct stock *stock)
{
	for (size_t i = 0; i < stock->count; i++) {
		auto_list struct list parts = {0};

		// The first is the image itself.
		parts_of_image(stock->all[i].path, &stock->all[i].image, &parts);
		for (size_t k = 1; k < parts.count; k++)
			find_part(stock, i, parts.items[k]);
	}
}

// Cuts chains that come back to where they began, so that whoever walks them comes to an end.
static void cut_loops(struct stock *stock)
{
	for (size_t i = 0; i < stock->count; i++) {
		long at = stock->all[i].below;
		size_t steps = 0;

		while (at != STOCK_NONE && at != (long)i && steps++ <= stock->count)
			at = stock->all[at].below;
		if (at != (long)i)
			continue;
		stock->all[i].loops = true;
		stock->all[stock->all[i].below].overlays--;
		stock->all[i].below = STOCK_NONE;
	}
}

// Looks at what was added for what it stands on and whose parts are in it.
static void link_images(struct stock *stock)
{
	for (; stock->linked < stock->count && !interrupt_signal(); stock->linked++)
		find_below(stock, stock->linked);
	find_parts(stock);
	cut_loops(stock);
}

long stock_add(struct stock *stock, const char *path, const char *format)
{
	size_t first = stock->count;
	struct stat status;
	long added;

	if (stat(path, &status) < 0 || !(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)))
		return STOCK_NONE;
	added = add_image(stock, path, format, &status);
	stock->all[added].outside = true;
	link_images(stock);
	return (long)first;
}

int stock_read(struct stock *stock, struct error *err)
{
	stock->listed = stock->place_count;
	for (; stock->read < stock->place_count; stock->read++)
		if (read_place(stock, stock->read, err) < 0)
			return -1;
	link_images(stock);
	return interrupt_check(err);
}

void stock_read_more(struct stock *stock)
{
	for (; stock->read < stock->place_count; stock->read++) {
		auto_error struct error ignored = {0};

		read_place(stock, stock->read, &ignored);
	}
	link_images(stock);
}

bool stock_is_listed(const struct stock *stock, size_t index)
{
	if (!stock->files.count)
		return !stock->all[index].outside;
	for (size_t i = 0; i < stock->files.count; i++)
		if (stock_find(stock, stock->files.items[i]) == (long)index)
			return true;
	return false;
}

void stock_clear(struct stock *stock)
{
	for (size_t i = 0; i < stock->place_count; i++) {
		free(stock->places[i].path);
		free(stock->places[i].pool);
	}
	for (size_t i = 0; i < stock->count; i++) {
		free(stock->all[i].path);
		free(stock->all[i].failure);
		free(stock->all[i].missing);
		free(stock->all[i].remote);
		image_clear(&stock->all[i].image);
		list_clear(&stock->all[i].guests);
		list_clear(&stock->all[i].states);
		list_clear(&stock->all[i].users);
	}
	list_clear(&stock->files);
	list_clear(&stock->named);
	free(stock->places);
	free(stock->all);
	*stock = (struct stock){0};
}
