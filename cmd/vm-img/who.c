// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses one image.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "image/location.h"
#include "image/source.h"
#include "image/users.h"
#include "output/report.h"

// What one row tells.
struct use {
	const char *kind, *name, *state, *how;
	pid_t process;
};

static void report_use(struct call *call, struct use use)
{
	auto_free char *process =
		use.process ? text_format("%d", (int)use.process) : text_copy("-");

	report_row(call->report, (struct value[]){
					 value_text(use.kind),
					 value_text(use.name),
					 value_text(use.state),
					 use.process ? value_integer(use.process)
						     : value_shown(value_absent(), process),
					 value_text(use.how),
				 });
}

static bool stands_on(const struct collection *collection, size_t index, size_t wanted)
{
	for (long at = collection->all[index].below; at != MEMBER_NONE;
	     at = collection->all[at].below)
		if (at == (long)wanted)
			return true;
	return collection->all[index].owner == MEMBER_NONE &&
	       collection->all[wanted].owner == (long)index;
}

static pid_t process_of(const struct users *users, const char *guest)
{
	for (size_t i = 0; i < users->count; i++)
		if (text_equal(users->all[i].guest, guest))
			return users->all[i].process;
	return 0;
}

static void report_guests(struct call *call, const struct member *member, const struct users *users,
			  const char *how)
{
	for (size_t i = 0; i < member->guests.count; i++)
		report_use(call,
			   (struct use){"guest", member->guests.items[i], member->states.items[i],
					how, process_of(users, member->guests.items[i])});
}

// Guests and images that are above it.
static void report_above(struct call *call, const struct collection *collection, size_t wanted,
			 const struct users *users)
{
	for (size_t i = 0; i < collection->count; i++) {
		const struct member *member = &collection->all[i];
		auto_free char *how = NULL;

		if (!stands_on(collection, i, wanted))
			continue;
		how = text_format("backing file of its '%s'", member->path);
		report_guests(call, member, users, how);
		if (!member->guests.count)
			report_use(call, (struct use){"image", member->path, NULL,
						      "backing file of it", 0});
	}
}

static void report_processes(struct call *call, const struct users *users)
{
	for (size_t i = 0; i < users->count; i++)
		if (!users->all[i].guest)
			report_use(call,
				   (struct use){"process", users->all[i].program, "running",
						users->all[i].writes ? "writes to it" : "reads it",
						users->all[i].process});
}

static int who(struct call *call, struct error *err)
{
	auto_location struct location location = {0};
	auto_source struct source source = {0};
	auto_users struct users users = {0};
	auto_collection struct collection collection = {0};
	auto_list struct list here = {0};
	auto_free char *searched = NULL;
	const char *path;
	long index;

	if (location_find_local(argument_text(call, "file"), &location, err) < 0 ||
	    source_open(location.path, &source, err) < 0)
		return -1;
	path = location.path;
	source_close(&source);
	list_add_owned(&here, file_directory(path));
	if (collection_find_places(call, &here, &collection, err) < 0 ||
	    collection_read(&collection, err) < 0)
		return -1;
	index = collection_find(&collection, path);
	if (index == MEMBER_NONE)
		index = collection_add(&collection, path, NULL);
	if (index == MEMBER_NONE)
		return error_set(err, STATUS_NOT_FOUND, "'%s' has just gone", path);
	users_find(&path, 1, &users);
	collection_find_users(call, !argument_flag(call, "local"), &collection);
	if (users.partial)
		call_warning(call, "processes of other users could not be looked into");
	report_list(call->report, NULL, TABLE_RULED, 0);
	report_guests(call, &collection.all[index], &users, "its own file");
	report_above(call, &collection, (size_t)index, &users);
	report_processes(call, &users);
	searched = collection_searched(&collection);
	if (!report_is_json(call->report))
		report_message(call->report, "\nSearched: %s.\n", searched);
	return 0;
}

static const struct option who_options[] = {
	LOCAL,
	CONNECT,
	IMAGE_FILE("image whose users are wanted"),
	END,
};

static const struct field who_results[] = {
	FIELD("kind", "Kind", FIELD_TEXT, 0, "guest, process or image"),
	FIELD("name", "Name", FIELD_TEXT, 0, "its name"),
	FIELD("state", "State", FIELD_TEXT, FIELD_NULL, "running or off"),
	FIELD("process", "Process", FIELD_INTEGER, FIELD_NULL, "its number"),
	FIELD("how", "How", FIELD_TEXT, 0, "what it uses it for"),
	FIELDS_END,
};

const struct command img_who_command = {
	.name = "who",
	.options = who_options,
	.shape = SHAPE_LIST,
	.results = who_results,
	.summary = "show who uses an image",
	.description =
		"Lists the guests, running or off, that use it themselves or as a backing file, "
		"the images that have it below them, and the processes that have it open. "
		"Searched are its directory, all pools, and wherever a guest or a backing "
		"chain has a file.",
	.run = who,
};
