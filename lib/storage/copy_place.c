// SPDX-License-Identifier: GPL-3.0-or-later
// Where the disks of a clone are to be, and how they get there.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "guest/duplicate.h"
#include "guest/guest.h"
#include "image/image.h"
#include "storage/copy.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "xml/path.h"

static const char *label(const struct copy *copy)
{
	return copy->target ? copy->target : "nvram";
}

static bool path_taken(void *data, const char *path)
{
	const struct copying *copying = data;
	auto_volume virStorageVolPtr volume =
		virStorageVolLookupByPath(copying->storage->connection, path);

	if (volume || (copying->storage->local && file_exists(path)))
		return true;
	for (size_t i = 0; i < copying->count; i++)
		if (text_equal(copying->copies[i].path, path))
			return true;
	return false;
}

// An overlay is of another format than what it stands on, and a file must not lie by its name.
static char *own_path(struct copying *copying, const struct copy *copy)
{
	const char *dot = strrchr(copy->source, '.'), *slash = strrchr(copy->source, '/');
	auto_free char *like = NULL;

	if (copying->overlay && !text_equal(copy->format, IMAGE_QCOW2))
		like = text_format("%.*s.qcow2",
				   dot && dot > slash ? (int)(dot - copy->source)
						      : (int)strlen(copy->source),
				   copy->source);
	return duplicate_path(like ? like : copy->source, copying->original, copying->storage->name,
			      path_taken, copying);
}

static int check_cloneable(const struct copy *copy, struct error *err)
{
	if (!copy->problem)
		return 0;
	error_set(err, STATUS_CONFLICT, "Could not determine original disk information: %s",
		  copy->problem);
	return error_hint(err, "--skip-copy '%s' leaves both guests the same disk", label(copy));
}

static struct disk_wish *make_wish(struct copying *copying, struct copy *copy, const char *path)
{
	struct disk_wish *wish = guest_wish(copying->storage->guest, copy->element);

	// The chain below is told by the image; what it is becomes known again below.
	path_remove(copy->element, "backingStore");
	disk_source_set(copy->element, path, NULL);
	path_remove(copy->element, "@type");
	wish->placed = true;
	wish->size = copy->capacity ? copy->capacity : 1;
	wish->sparse = copying->sparse;
	free(wish->format);
	wish->format = text_copy(copying->overlay && copy->action == COPY_CLONE ? IMAGE_QCOW2
				 : copy->format                                 ? copy->format
										: IMAGE_RAW);
	if (copying->overlay && copy->action == COPY_CLONE) {
		wish->backing_store = text_copy(copy->source);
		wish->backing_format = text_copy(copy->format ? copy->format : IMAGE_RAW);
		path_set(copy->element, "driver/@type", IMAGE_QCOW2);
	}
	return wish;
}

// What is there would be lost.
static int check_overwrite(struct copying *copying, struct copy *copy, struct error *err)
{
	if (!copying->storage->local || !file_exists(copy->path)) {
		error_set(err, STATUS_CONFLICT,
			  "Clone onto existing storage volume is not currently supported: '%s'",
			  copy->path);
		return error_hint(err, "name another file, or give --preserve-data to take it as "
				       "it is");
	}
	copy->replaces = true;
	error_set(err, STATUS_CONFLICT, "'%s' is there already: its content would be lost",
		  copy->path);
	return storage_object(copying->storage, copying->storage->checks.path_exists, "path_exists",
			      err);
}

// The original's own disk as the clone's: nothing to copy, if it is wanted at all.
static int check_same(struct copying *copying, struct copy *copy, struct error *err)
{
	error_set(err, STATUS_CONFLICT, "'%s' is the disk of the original", copy->path);
	error_hint(err, "--skip-copy '%s' leaves both guests the same disk", label(copy));
	if (storage_object(copying->storage, copying->storage->checks.path_exists, "path_exists",
			   err) < 0)
		return -1;
	copy->action = COPY_SHARE;
	return 0;
}

static int check_there(struct copying *copying, const struct copy *copy, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "'%s' does not exist, and --preserve-data copies nothing",
		  copy->path);
	// XML can be looked at before the disk is there.
	return storage_object(copying->storage,
			      copying->storage->real && copying->storage->checks.path_exists,
			      "path_exists", err);
}

static int check_place(struct copying *copying, struct copy *copy, bool exists, struct error *err)
{
	for (size_t i = 0; i < copying->count; i++)
		if (&copying->copies[i] != copy && text_equal(copying->copies[i].path, copy->path))
			return error_set(err, STATUS_USAGE, "'%s' cannot be two disks: %s and %s",
					 copy->path, label(&copying->copies[i]), label(copy));
	if (text_equal(copy->path, copy->source))
		return check_same(copying, copy, err);
	if (copy->action == COPY_PRESERVE && !exists)
		return check_there(copying, copy, err);
	return copy->action == COPY_CLONE && exists ? check_overwrite(copying, copy, err) : 0;
}

int copy_place(struct copying *copying, struct copy *copy, const char *path, struct error *err)
{
	struct disk_wish *wish;
	auto_free char *place = NULL;

	if (copy->action == COPY_CLONE && check_cloneable(copy, err) < 0)
		return -1;
	if (!path && !copy->source)
		return error_set(err, STATUS_USAGE, "the disk %s has no path: name one with --file",
				 label(copy));
	place = path ? file_absolute(path) : own_path(copying, copy);
	wish = make_wish(copying, copy, place);
	if (storage_resolve(copying->storage, err) < 0)
		return error_wrap(err, "Could not use path '%s' for cloning", place);
	// What could not be found out is a check that was turned off.
	if (!path_has(copy->element, "@type"))
		path_set(copy->element, "@type", "file");
	copy->path = take(&place);
	return check_place(copying, copy, wish->size == 0, err);
}

static int choose_for_clone(const struct copying *copying, struct copy *copy, struct error *err)
{
	static const enum copy_method by_reflink[] = {
		[REFLINK_AUTO] = METHOD_LOCAL,
		[REFLINK_ALWAYS] = METHOD_REFLINK,
		[REFLINK_NEVER] = METHOD_COPY,
	};
	bool local = copying->storage->local && copy->readable;

	if (!copy->target && local)
		copy->method = METHOD_COPY; // of the NVRAM, some KiB
	else if (copying->running && copy->target)
		copy->method = METHOD_BACKUP;
	else if (copying->overlay && copy->target)
		copy->method = METHOD_OVERLAY;
	else if (copying->snapshot && copy->target)
		copy->method = METHOD_SNAPSHOT;
	else if (local && !text_begins(copy->path, "/dev/"))
		copy->method = by_reflink[copying->reflink];
	else
		copy->method = METHOD_VOLUME;
	// What is copied here is looked at when it is known whether a reflink will do.
	if (copy->element && (copy->method == METHOD_VOLUME || copy->method == METHOD_BACKUP))
		guest_wish(copying->storage->guest, copy->element)->filled = copy->allocated;
	if (copy->method == METHOD_SNAPSHOT && !local)
		return error_set(err, STATUS_CONFLICT,
				 "a snapshot's content is copied only where its disk can be read: "
				 "'%s' cannot",
				 copy->source);
	if (copy->replaces && (copy->method == METHOD_OVERLAY || copy->method == METHOD_BACKUP))
		return error_set(err, STATUS_CONFLICT,
				 "'%s' is there already: only a plain copy takes its place",
				 copy->path);
	if (copy->method == METHOD_OVERLAY && !copy->source)
		return error_set(err, STATUS_CONFLICT, "the disk %s cannot be a backing file",
				 label(copy));
	return 0;
}

int copying_choose(struct copying *copying, struct error *err)
{
	for (size_t i = 0; i < copying->count; i++)
		if (copying->copies[i].action == COPY_CLONE &&
		    choose_for_clone(copying, &copying->copies[i], err) < 0)
			return -1;
	return 0;
}

unsigned long long copying_total(const struct copying *copying)
{
	unsigned long long total = 0;

	for (size_t i = 0; i < copying->count; i++)
		if (copying->copies[i].method != METHOD_NONE)
			total += copying->copies[i].allocated;
	return total;
}
