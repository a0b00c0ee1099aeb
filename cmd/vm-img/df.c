// SPDX-License-Identifier: GPL-3.0-or-later
// Room: what images take, what was promised to guests, what is free.
#include <errno.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/stock.h"
#include "output/report.h"

// All in bytes.
struct room {
	size_t images;
	unsigned long long capacity, free; // of the file system or pool
	unsigned long long allocated;      // what the images take
	unsigned long long promised;       // the disks that their guests see
	unsigned long long growth;         // what they can still take
	unsigned long long lacking;        // what of that is not free
};

static void add_image(struct room *room, const struct image *image)
{
	unsigned long long taken = image->block ? image->file_size : image->allocated;

	room->images++;
	room->allocated += taken;
	room->promised += image->virtual_size;
	if (image->virtual_size > taken)
		room->growth += image->virtual_size - taken;
}

static int find_room(const struct stock *stock, size_t place, struct room *room, struct error *err)
{
	const char *path = stock->places[place].path;
	struct statvfs status;

	if (stock->places[place].pool) {
		room->capacity = stock->places[place].capacity;
		room->free = stock->places[place].available;
	} else {
		if (statvfs(path, &status) < 0)
			return error_set_errno(err, errno, "cannot look at '%s'", path);
		room->capacity = (unsigned long long)status.f_blocks * status.f_frsize;
		room->free = (unsigned long long)status.f_bavail * status.f_frsize;
	}
	for (size_t i = 0; i < stock->count; i++)
		if (!stock->all[i].outside && stock->all[i].place == place &&
		    !stock->all[i].image.plain)
			add_image(room, &stock->all[i].image);
	room->lacking = room->growth > room->free ? room->growth - room->free : 0;
	return 0;
}

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
	auto_stock struct stock stock = {0};

	if (stock_find_places(call, argument_list(call, "where"), &stock, err) < 0 ||
	    stock_read(&stock, err) < 0)
		return -1;
	report_list(call->report, NULL, TABLE_RULED, 0);
	for (size_t i = 0; i < stock.place_count; i++) {
		struct room room = {0};

		if (find_room(&stock, i, &room, err) < 0)
			return -1;
		report_room(call, &stock.places[i], &room);
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
