// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "image/path.h"
#include "image/settings.h"
#include "image/users.h"

// What is mounted, or part of another device, cannot be opened exclusively.
static int check_device(const struct destination_wish *wish, struct error *err)
{
	auto_close int fd = open(wish->path, O_RDONLY | O_CLOEXEC | O_EXCL);

	if (fd < 0 && errno == EBUSY)
		return error_set(err, STATUS_CONFLICT,
				 "'%s' is in use: mounted, or part of another device", wish->path);
	if (!wish->replace) {
		error_set(err, STATUS_CONFLICT,
			  "'%s' is a block device: what is on it would be lost", wish->path);
		return error_hint(err, "--force overwrites it");
	}
	return users_check(wish->path, err);
}

// The file that holds the data where the image has only the metadata. qemu-img makes it afresh.
static int find_data_file(const struct destination_wish *wish, struct destination *destination,
			  struct error *err)
{
	const char *name = wish->settings ? settings_get(wish->settings, "data_file") : NULL;
	auto_free char *path = name ? path_beside(wish->path, name) : NULL;
	bool there = path && file_exists(path);

	if (there && !wish->replace) {
		error_set(err, STATUS_CONFLICT, "the data file '%s' exists already", path);
		return error_hint(err, "--force overwrites it");
	}
	if (there)
		return users_check(path, err);
	if (path && !path_is_remote(path))
		destination->data_file = take(&path);
	return 0;
}

// Whether link_backing() can do it.
static bool can_link(const char *backing)
{
	return !text_begins(backing, "../");
}

// Makes the backing file, relative to the image's directory, be found from the one below that.
static int link_backing(const char *directory, const char *backing, struct error *err)
{
	auto_free char *first = NULL, *link = NULL, *to = NULL;

	while (text_begins(backing, "./"))
		backing += 2;
	if (*backing == '/' || path_is_remote(backing))
		return 0;
	first = text_copy_bytes(backing, strcspn(backing, "/"));
	link = text_format("%s/%s", directory, first);
	to = text_format("../%s", first);
	return symlink(to, link) < 0 ? error_set_errno(err, errno, "cannot make '%s'", link) : 0;
}

static int begin_file(const struct destination_wish *wish, struct destination *destination,
		      struct error *err)
{
	// Several files come of it, or one with its own name in it.
	bool directory =
		text_equal(wish->format, "vmdk") && (!wish->backing || can_link(wish->backing));

	if (find_data_file(wish, destination, err) < 0)
		return -1;
	if ((directory ? aside_begin_directory : aside_begin)(wish->path, wish->replace,
							      &destination->aside, err) < 0)
		return -1;
	destination->path = destination->aside.path;
	if (directory && wish->backing &&
	    link_backing(destination->aside.directory, wish->backing, err) < 0)
		return -1;
	return destination->aside.replaces ? users_check(destination->aside.target, err) : 0;
}

int destination_begin(const struct destination_wish *wish, struct destination *destination,
		      struct error *err)
{
	struct stat status;
	bool there = stat(wish->path, &status) == 0;
	bool device = there && S_ISBLK(status.st_mode);
	int failed = 0;

	*destination = (struct destination){.path = wish->path, .aside = {.fd = -1}};
	destination->in_place = device || (!there && path_is_remote(wish->path));
	if (device)
		failed = check_device(wish, err);
	else if (!destination->in_place)
		failed = begin_file(wish, destination, err);
	if (failed)
		destination_clear(destination);
	return failed;
}

int destination_commit(struct destination *destination, bool sync, struct error *err)
{
	if (!destination->in_place && aside_commit(&destination->aside, sync, err) < 0)
		return -1;
	free(take(&destination->data_file));
	return 0;
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
}

void destination_clear(struct destination *destination)
{
	file_remove_path(&destination->data_file);
	destination->data_file = NULL;
	aside_abandon(&destination->aside);
}
