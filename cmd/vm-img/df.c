// SPDX-License-Identifier: GPL-3.0-or-later
// Room: what images take, what was promised to guests, what is free.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/room.h"
#include "output/report.h"

static void report_room(struct call *call, const struct place *place, const struct room *room)
{
	const unsigned long long sizes[] = {room->capacity, room->allocated, room->promised,
					    room->free, room->lacking};
	char *shown[5] = {0};

	for (size_t i = 0; i < 5; i++)
		shown[i] = size_text(sizes[i]);
	report_row(call->report,
		   (struct value[]){
			   value_text(place->pool ? place->pool : place->path),
			   value_text(place->pool),
			   value_text(place->path),
			   value_unsigned(room->images),
			   value_shown(value_unsigned(sizes[0]), shown[0]),
			   value_shown(value_unsigned(sizes[1]), shown[1]),
			   value_shown(value_unsigned(sizes[2]), shown[2]),
			   value_shown(value_unsigned(sizes[3]), shown[3]),
			   value_unsigned(room->growth),
			   value_shown(value_unsigned(sizes[4]), room->lacking ? shown[4] : "-"),
		   });
	for (size_t i = 0; i < 5; i++)
		free(shown[i]);
}

static int df(struct call *call, struct error *err)
{
	auto_collection struct collection collection = {0};

	if (collection_find_places(call, argument_list(call, "where"), &collection, err) < 0 ||
	    collection_read(&collection, err) < 0)
		return -1;
	report_list(call->report, NULL, TABLE_RULED, 0);
	for (size_t i = 0; i < collection.place_count; i++) {
		struct room room = {0};

		if (room_find(&collection, i, &room, err) < 0)
			return -1;
		report_room(call, &collection.places[i], &room);
	}
	return 0;
}

static const struct option df_options[] = {
	CONNECT,
	{.kind = OPTION_REST,
	 .name = "where",
	 .help = "directories or libvirt's pools (default: all active pools)"},
	END,
};

// clang-format off
static const struct field df_results[] = {
	FIELD("where", "Where", FIELD_TEXT, 0, "name of the pool, or the directory"),
	FIELD("pool", "Pool", FIELD_TEXT, FIELD_NULL | COLUMN_JSON_ONLY, "name of the pool"),
	FIELD("path", "Path", FIELD_TEXT, COLUMN_JSON_ONLY, "the directory"),
	FIELD("images", "Images", FIELD_INTEGER, 0, "how many there are"),
	FIELD("capacity", "Size", FIELD_BYTES, 0, "size of the pool or file system"),
	FIELD("allocated", "Taken", FIELD_BYTES, 0, "what the images take"),
	FIELD("promised", "Promised", FIELD_BYTES, 0, "sizes of the disks that guests see"),
	FIELD("free", "Free", FIELD_BYTES, 0, "what is free"),
	FIELD("growth", "Growth", FIELD_BYTES, COLUMN_JSON_ONLY, "what the images can still take"),
	FIELD("lacking", "Could lack", FIELD_BYTES, 0, "what of that is not free"),
	FIELDS_END,
};
// clang-format on

const struct command img_df_command = {
	.name = "df",
	.options = df_options,
	.shape = SHAPE_LIST,
	.results = df_results,
	.summary = "show what images take, what is promised to guests and what is free",
	.description =
		"Shows for each directory or pool what its images take, the sizes of all the "
		"disks in them, and what is free. \"Could lack\" is what is missing when all "
		"guests fill their disks.",
	.run = df,
};
