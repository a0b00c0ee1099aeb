// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses the images of a collection: processes tell by /proc, guests that are off by libvirt.
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/vmctl.h"
#include "image/users.h"
#include "output/json.h"

enum { PLACES_MOST = 1000 }; // directories that are searched

static void add_guest(struct member *member, const char *name, const char *state)
{
	if (list_has(&member->guests, name))
		return;
	list_add(&member->guests, name);
	list_add(&member->states, state);
}

// A running guest is told by its QEMU; that has its backing files open too, but they are only what
// its own file stands on.
static void add_processes(struct collection *collection)
{
	const char **paths = memory_new(collection->count, sizeof(*paths));
	auto_users struct users users = {0};

	for (size_t i = 0; i < collection->count; i++)
		paths[i] = collection->all[i].path;
	users_find(paths, collection->count, &users);
	for (size_t i = 0; i < users.count; i++) {
		struct member *member = &collection->all[users.all[i].file];
		auto_free char *name = users_name(&users.all[i]);

		if (users.all[i].guest && (users.all[i].writes || !member->overlays))
			add_guest(member, users.all[i].guest, "running");
		else if (!users.all[i].guest && !list_has(&member->users, name))
			list_add(&member->users, name);
		member->needed = true;
	}
	collection->processes_known = !users.partial;
	free(paths);
}

// A file that is in none of the places is added: it may stand on one that is.
static void add_file(struct collection *collection, const struct json *row)
{
	const char *path = json_get_text(row, "file"), *guest = json_get_text(row, "name");
	long index = path ? collection_find(collection, path) : MEMBER_NONE;

	// Nobody can tell which file it is: it may be any.
	if (!path)
		collection->guests_known = false;
	if (!path || !guest)
		return;
	list_add(&collection->named, path);
	if (index == MEMBER_NONE)
		index = collection_add(collection, path, json_get_text(row, "format"));
	if (index == MEMBER_NONE)
		return;
	collection->all[index].needed = true;
	// What is only below a guest's own file is libvirt's account of the chain.
	if (!json_get_boolean(row, "backing"))
		add_guest(&collection->all[index], guest,
			  text_equal(json_get_text(row, "state"), "off") ? "off" : "running");
}

static void add_guests(struct call *call, struct collection *collection)
{
	auto_error struct error err = {0};
	auto_list struct list words = {0};
	auto_json struct json *rows = NULL;

	list_add(&words, "domfiles");
	rows = vmctl_ask(call, &words, VMCTL_TIMEOUT, &err);
	if (!rows && collection->quiet)
		return;
	if (!rows) {
		call_warning(call, "guests that are off are not known: %s", err.message);
		return;
	}
	collection->guests_known = true;
	for (size_t i = 0; i < json_count(rows); i++)
		add_file(collection, json_at(rows, i));
	if (!collection->guests_known && !collection->quiet)
		call_warning(call, "some volumes of guests cannot be found: $vmctl domfiles "
				   "shows them as '?'");
}

// What something needs needs what it stands on.
static void pass_down(struct collection *collection)
{
	for (size_t i = 0; i < collection->count; i++)
		for (long at = collection->all[i].needed ? collection->all[i].below : MEMBER_NONE;
		     at != MEMBER_NONE && !collection->all[at].needed;
		     at = collection->all[at].below)
			collection->all[at].needed = true;
	for (size_t i = 0; i < collection->count; i++)
		if (collection->all[i].owner != MEMBER_NONE)
			collection->all[i].needed |=
				collection->all[collection->all[i].owner].needed;
}

static void add_pools(struct call *call, struct collection *collection)
{
	auto_error struct error ignored = {0};
	auto_json struct json *pools = collection_ask_pools(call, &ignored);

	for (size_t i = 0; i < json_count(pools); i++) {
		const char *path = json_get_text(json_at(pools, i), "path");

		if (path && file_is_directory(path))
			collection_add_place(collection, path, json_at(pools, i));
	}
	collection_read_more(collection);
}

// Other images that stand on one are likely to be beside something that a guest or a chain names.
static void search_beside(struct collection *collection)
{
	for (size_t i = 0; i < collection->count && collection->place_count < PLACES_MOST; i++) {
		auto_free char *directory = file_directory(collection->all[i].path);

		if (!collection->all[i].outside || text_equal(directory, "/") ||
		    text_begins(directory, "/dev"))
			continue;
		collection_add_place(collection, directory, NULL);
		collection_read_more(collection);
	}
}

void collection_find_users(struct call *call, bool libvirt, struct collection *collection)
{
	collection->libvirt_asked = libvirt;
	if (libvirt) {
		add_guests(call, collection);
		if (collection->guests_known)
			add_pools(call, collection);
	}
	search_beside(collection);
	add_processes(collection);
	pass_down(collection);
}
