// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "image/image.h"
#include "image/neighbours.h"
#include "image/path.h"
#include "image/resolve.h"
#include "image/settings.h"
#include "image/users.h"

// What is mounted, or part of another device, cannot be opened exclusively.
static int check_device(const struct destination_wish *wish, struct error *err)
{
	auto_close int fd = open(wish->location->path, O_RDONLY | O_CLOEXEC | O_EXCL);

	if (fd < 0 && errno == EBUSY)
		return error_set(err, STATUS_CONFLICT,
				 "'%s' is in use: mounted, or part of another device",
				 wish->location->path);
	if (!wish->replace) {
		error_set(err, STATUS_CONFLICT,
			  "'%s' is a block device: what is on it would be lost",
			  wish->location->path);
		return error_hint(err, "--force overwrites it");
	}
	return users_check(wish->location->path, err);
}

static int begin_data_file(const struct destination_wish *wish, struct destination *destination,
			   struct error *err)
{
	const char *name = wish->settings ? settings_get(wish->settings, "data_file") : NULL;
	auto_free char *path = name ? path_beside(wish->location->path, name) : NULL;

	if (!path || path_is_remote(path))
		return 0;
	return data_file_begin(path, wish->replace, &destination->data, err);
}

static int begin_file(const struct destination_wish *wish, struct destination *destination,
		      struct error *err)
{
	const char *backing = wish->backing    ? wish->backing
			      : wish->settings ? settings_get(wish->settings, "backing_file")
					       : NULL;
	const char *data = wish->settings ? settings_get(wish->settings, "data_file") : NULL;
	auto_list struct list beside = {0};
	struct staging staging = {
		.target = wish->location->path,
		.replace = wish->replace,
		.several = image_format_has(wish->format, IMAGE_SEVERAL),
	};

	if (begin_data_file(wish, destination, err) < 0)
		return -1;
	if (backing)
		location_beside(wish->location->path, backing, &destination->backing);
	neighbours_find(wish->location->path, backing, &beside);
	if (data && !path_is_remote(data))
		list_add(&beside, data);
	staging.beside = (const char *const *)beside.items;
	if (staged_file_begin(&staging, &destination->file, err) < 0)
		return -1;
	destination->path = destination->file.inner;
	return image_lock_take_old(&destination->file, &destination->lock, err);
}

int destination_begin(const struct destination_wish *wish, struct destination *destination,
		      struct error *err)
{
	const struct location *location = wish->location;
	int failed = 0;

	*destination = (struct destination)DESTINATION_NONE;
	destination->path = location_is_local(location) ? location->path : location->word;
	destination->kind = location->kind;
	destination->in_place = location->kind != LOCATION_FILE;
	if (location->kind == LOCATION_DEVICE)
		failed = check_device(wish, err);
	else if (location->kind == LOCATION_FILE)
		failed = begin_file(wish, destination, err);
	if (failed)
		destination_clear(destination);
	return failed;
}

int destination_commit(struct destination *destination, bool sync, struct error *err)
{
	if (!destination->in_place &&
	    image_lock_replace(&destination->lock, &destination->file, sync, err) < 0)
		return -1;
	data_file_keep(&destination->data);
	return 0;
}

void destination_allow(const struct destination *destination, struct confinement *confinement)
{
	const struct location *backing = &destination->backing;

	if (destination->kind == LOCATION_FILE)
		resolve_staged(&destination->file, confinement);
	else if (destination->kind == LOCATION_DEVICE)
		list_add(&confinement->write, destination->path);
	else
		confinement->files = false;
	if (destination->data.fd >= 0)
		list_add_format(&confinement->write, "/proc/self/fd/%d", destination->data.fd);
	if (backing->word && !location_is_local(backing))
		confinement->files = false;
	else if (backing->word)
		resolve_image(backing->path, NULL, RESOLVE_READ, confinement);
}

static void replace_all(char **text, const char *old, const char *new)
{
	struct text replaced = {0};
	const char *at = *text, *next;

	while (at && (next = strstr(at, old))) {
		text_append_bytes(&replaced, at, (size_t)(next - at));
		text_append(&replaced, new);
		at = next + strlen(old);
	}
	if (!replaced.length)
		return;
	text_append(&replaced, at);
	free(*text);
	*text = text_take(&replaced);
}

void destination_name_error(const struct destination *destination, const char *name,
			    struct error *err)
{
	if (destination->in_place)
		return;
	replace_all(&err->message, destination->path, name);
	replace_all(&err->reason, destination->path, name);
	replace_all(&err->said, destination->path, name);
}

void destination_clear(struct destination *destination)
{
	data_file_clear(&destination->data);
	location_clear(&destination->backing);
	staged_file_abandon(&destination->file);
	image_lock_release(&destination->lock);
}
