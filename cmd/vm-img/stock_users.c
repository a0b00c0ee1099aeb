// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses the images of a stock: processes tell by /proc, guests that are off by libvirt.
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vm-img/stock.h"
#include "cmd/vm-img/vmctl.h"
#include "image/users.h"
#include "output/json.h"

enum { PLACES_MOST = 1000 }; // directories that are searched

static void add_guest(struct stocked *stocked, const char *name, const char *state)
{
	if (list_has(&stocked->guests, name))
		return;
	list_add(&stocked->guests, name);
	list_add(&stocked->states, state);
}

// A running guest is told by its QEMU; that has its backing files open too, but they are only what
// its own file stands on.
static void add_processes(struct stock *stock)
{
	const char **paths = memory_new(stock->count, sizeof(*paths));
	auto_users struct users users = {0};

	for (size_t i = 0; i < stock->count; i++)
		paths[i] = stock->all[i].path;
	users_find(paths, stock->count, &users);
	for (size_t i = 0; i < users.count; i++) {
		struct stocked *stocked = &stock->all[users.all[i].file];
		auto_free char *name = users_name(&users.all[i]);

		if (users.all[i].guest && (users.all[i].writes || !stocked->overlays))
			add_guest(stocked, users.all[i].guest, "running");
		else if (!users.all[i].guest && !list_has(&stocked->users, name))
			list_add(&stocked->users, name);
		stocked->needed = true;
	}
	stock->processes_known = !users.partial;
	free(paths);
}

// A file that is in none of the places is added: it may stand on one that is.
static void add_file(struct stock *stock, const struct json *row)
{
	const char *path = json_get_text(row, "file"), *guest = json_get_text(row, "name");
	long index = path ? stock_find(stock, path) : STOCK_NONE;

	// Nobody can tell which file it is: it may be any.
	if (!path)
		stock->guests_known = false;
	if (!path || !guest)
		return;
	list_add(&stock->named, path);
	if (index == STOCK_NONE)
		index = stock_add(stock, path, json_get_text(row, "format"));
	if (index == STOCK_NONE)
		return;
	stock->all[index].needed = true;
	// What is only below a guest's own file is libvirt's account of the chain.
	if (!json_get_boolean(row, "backing"))
		add_guest(&stock->all[index], guest,
			  text_equal(json_get_text(row, "state"), "off") ? "off" : "running");
}

static void add_guests(struct call *call, struct stock *stock)
{
	auto_error struct error err = {0};
	auto_list struct list words = {0};
	auto_json struct json *rows = NULL;

	list_add(&words, "domfiles");
	rows = vmctl_ask(call, &words, VMCTL_TIMEOUT, &err);
	if (!rows && stock->quiet)
		return;
	if (!rows) {
		call_warning(call, "guests that are off are not known: %s", err.message);
		return;
	}
	stock->guests_known = true;
	for (size_t i = 0; i < json_count(rows); i++)
		add_file(stock, json_at(rows, i));
	if (!stock->guests_known && !stock->quiet)
		call_warning(call, "some volumes of guests cannot be found: vmctl domfiles "
				   "shows them as '?'");
}

// What something needs needs what it stands on.
static void pass_down(struct stock *stock)
{
	for (size_t i = 0; i < stock->count; i++)
		for (long at = stock->all[i].needed ? stock->all[i].below : STOCK_NONE;
		     at != STOCK_NONE && !stock->all[at].needed; at = stock->all[at].below)
			stock->all[at].needed = true;
	for (size_t i = 0; i < stock->count; i++)
		if (stock->all[i].owner != STOCK_NONE)
			stock->all[i].needed |= stock->all[stock->all[i].owner].needed;
}

static void add_pools(struct call *call, struct stock *stock)
{
	auto_error struct error ignored = {0};
	auto_json struct json *pools = stock_ask_pools(call, &ignored);

	for (size_t i = 0; i < json_count(pools); i++) {
		const char *path = json_get_text(json_at(pools, i), "path");

		if (path && file_is_directory(path))
			stock_add_place(stock, path, json_at(pools, i));
	}
	stock_read_more(stock);
}

// Other images that stand on one are likely to be beside something that a guest or a chain names.
static void search_beside(struct stock *stock)
{
	for (size_t i = 0; i < stock->count && stock->place_count < PLACES_MOST; i++) {
		auto_free char *directory = file_directory(stock->all[i].path);

		if (!stock->all[i].outside || text_equal(directory, "/") ||
		    text_begins(directory, "/dev"))
			continue;
		stock_add_place(stock, directory, NULL);
		stock_read_more(stock);
	}
}

void stock_find_users(struct call *call, bool libvirt, struct stock *stock)
{
	stock->libvirt_asked = libvirt;
	if (libvirt) {
		add_guests(call, stock);
		if (stock->guests_known)
			add_pools(call, stock);
	}
	search_beside(stock);
	add_processes(stock);
	pass_down(stock);
}
