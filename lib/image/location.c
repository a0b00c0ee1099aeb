// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/location.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/path.h"

static enum location_kind kind_of(const char *name)
{
	if (!path_is_remote(name) || text_begins(name, "file:"))
		return LOCATION_FILE;
	return text_begins(name, "json:") ? LOCATION_JSON : LOCATION_PROTOCOL;
}

static void find_file(const char *path, struct location *location)
{
	struct stat status;

	location->path = text_copy(path);
	location->word = path_for_qemu(path);
	location->exists = stat(path, &status) == 0;
	location->kind =
		location->exists && S_ISBLK(status.st_mode) ? LOCATION_DEVICE : LOCATION_FILE;
}

void location_find(const char *name, bool settings, struct location *location)
{
	struct stat status;

	*location = (struct location){.kind = settings ? LOCATION_SETTINGS : kind_of(name)};
	if (location->kind == LOCATION_PROTOCOL && stat(name, &status) == 0)
		location->kind = LOCATION_FILE;
	if (location->kind != LOCATION_FILE)
		location->word = text_copy(name);
	else
		find_file(name + (text_begins(name, "file:") ? strlen("file:") : 0), location);
}

int location_find_local(const char *name, struct location *location, struct error *err)
{
	struct location found = {0};

	location_find(name, false, &found);
	if (!location_is_local(&found)) {
		location_clear(&found);
		return error_set(err, STATUS_USAGE, "'%s' is not a local file", name);
	}
	*location = found;
	return 0;
}

void location_beside(const char *path, const char *name, struct location *location)
{
	auto_free char *beside = path_beside(path, name);

	*location = (struct location){.kind = kind_of(name)};
	if (location->kind != LOCATION_FILE)
		location->word = text_copy(name);
	else
		find_file(beside, location);
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
