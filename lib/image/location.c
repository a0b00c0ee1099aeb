// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/location.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "image/path.h"

static bool is_protocol(const char *name)
{
	struct stat status;

	return path_is_remote(name) && (text_begins(name, "json:") || stat(name, &status) < 0);
}

void location_find(const char *name, bool settings, struct location *location)
{
	struct stat status;

	*location = (struct location){.kind = LOCATION_SETTINGS};
	if (!settings && text_begins(name, "file:"))
		name += strlen("file:");
	else if (!settings && is_protocol(name))
		location->kind = LOCATION_PROTOCOL;
	if (settings || location->kind == LOCATION_PROTOCOL) {
		location->word = text_copy(name);
		return;
	}
	location->path = text_copy(name);
	location->word = path_for_qemu(name);
	location->exists = stat(name, &status) == 0;
	location->kind =
		location->exists && S_ISBLK(status.st_mode) ? LOCATION_DEVICE : LOCATION_FILE;
}

bool location_is_local(const struct location *location)
{
	return location->path;
}

void location_clear(struct location *location)
{
	free(location->path);
	free(location->word);
	*location = (struct location){0};
}
