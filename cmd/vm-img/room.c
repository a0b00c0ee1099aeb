// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/room.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "base/error.h"
#include "cmd/vm-img/collection.h"

static void add_image(struct room *room, const struct image *image)
{
	unsigned long long taken = image->block ? image->file_size : image->allocated;

	room->images++;
	room->allocated += taken;
	room->promised += image->virtual_size;
	if (image->virtual_size > taken)
		room->growth += image->virtual_size - taken;
}

int room_find(const struct collection *collection, size_t place, struct room *room,
	      struct error *err)
{
	const char *path = collection->places[place].path;
	struct statvfs status;

	if (collection->places[place].pool) {
		room->capacity = collection->places[place].capacity;
		room->free = collection->places[place].available;
	} else {
		if (statvfs(path, &status) < 0)
			return error_set_errno(err, errno, "cannot look at '%s'", path);
		room->capacity = (unsigned long long)status.f_blocks * status.f_frsize;
		room->free = (unsigned long long)status.f_bavail * status.f_frsize;
	}
	for (size_t i = 0; i < collection->count; i++)
		if (!collection->all[i].outside && collection->all[i].place == place &&
		    !collection->all[i].image.plain)
			add_image(room, &collection->all[i].image);
	room->lacking = room->growth > room->free ? room->growth - room->free : 0;
	return 0;
}
