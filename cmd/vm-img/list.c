// SPDX-License-Identifier: GPL-3.0-or-later
// What images there are in directories and pools.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/collection_json.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "output/json.h"
#include "output/report.h"

// The backing file as it is recorded, and what is wrong with it. The caller's.
static char *below_text(const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];
	const char *fault = member->missing                        ? " (missing)"
			    : member->loops                        ? " (a loop)"
			    : collection_damage(collection, index) ? " (damaged)"
								   : "";

	if (!member->image.backing_file)
		return text_copy("-");
	return text_format("%s%s", member->image.backing_file, fault);
}

static void show_image(struct call *call, const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];
	const char *directory = collection->places[member->place].path;
	size_t skip = collection->listed == 1 ? strlen(directory) + !text_ends(directory, "/") : 0;
	auto_free char *virtual_size = size_text(member->image.virtual_size);
	auto_free char *size = size_text(member->image.allocated);
	auto_free char *below = below_text(collection, index);
	auto_free char *users = collection_users_text(member);

	report_row(call->report,
		   (struct value[]){
			   value_text(member->path + skip),
			   value_text(member->failure ? "unreadable" : member->image.format),
			   value_text(member->failure ? "-" : virtual_size),
			   value_text(size),
			   value_text(below),
			   value_text(*users ? users : "-"),
		   });
}

static void show(struct call *call, const struct collection *collection)
{
	static const struct field columns[] = {
		{.title = "Name", .key = "name", .flags = COLUMN_FITS},
		{.title = "Format", .key = "format"},
		{.title = "Size", .key = "size"},
		{.title = "On disk", .key = "disk"},
		{.title = "Backing file", .key = "below", .flags = COLUMN_FITS},
		{.title = "Used by", .key = "users", .flags = COLUMN_FITS},
		{0},
	};

	report_table(call->report, TABLE_RULED, columns, 0);
	for (size_t i = 0; i < collection->count; i++)
		if (collection_is_listed(collection, i))
			show_image(call, collection, i);
}

static void write_list(struct call *call, const struct collection *collection)
{
	report_open_list(call->report, NULL);
	for (size_t i = 0; i < collection->count; i++) {
		auto_json struct json *json = NULL;

		if (!collection_is_listed(collection, i))
			continue;
		json = collection_json(collection, i);
		report_json(call->report, NULL, json);
	}
	report_close(call->report);
}

static int list(struct call *call, struct error *err)
{
	auto_collection struct collection collection = {0};

	if (collection_find_places(call, argument_list(call, "where"), &collection, err) < 0 ||
	    collection_read(&collection, err) < 0)
		return -1;
	if (!argument_flag(call, "no-users"))
		collection_find_users(call, !argument_flag(call, "local"), &collection);
	if (report_is_json(call->report))
		write_list(call, &collection);
	else
		show(call, &collection);
	return 0;
}

static const struct option list_options[] = {
	LOCAL,
	FLAG("no-users", 0, "do not look for who uses them at all"),
	CONNECT,
	{.kind = OPTION_REST,
	 .name = "where",
	 .help = "directories, files or libvirt's pools (default: all active pools)"},
	END,
};

const struct command img_list_command = {
	.name = "list",
	.options = list_options,
	.shape = SHAPE_LIST,
	.results = collection_results,
	.summary = "list the images of directories or pools",
	.description =
		"Lists all files of directories or pools that are not hidden, with their format, "
		"the "
		"size of the disk, the room they take, their backing file and who uses them: "
		"processes, running guests and, where libvirt answers, guests that are off. Only "
		"headers are read, and nothing that a header names is opened but local files.",
	.run = list,
};
