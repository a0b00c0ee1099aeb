// SPDX-License-Identifier: GPL-3.0-or-later
// Copying disks. Each copy that is complete is noted as made at once.
#include <libvirt/libvirt.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "guest/guest.h"
#include "image/clone.h"
#include "image/extract.h"
#include "storage/copy.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"

// What is there once it exists; a file that was there before is nobody's to take away.
static void note_file(struct copying *copying, const struct copy *copy)
{
	if (!copy->replaces)
		storage_made(copying->storage, (struct made){.path = text_copy(copy->path)});
}

static void hear(void *data, unsigned long long done)
{
	const struct copying *copying = data;

	copying->listener.hear(copying->listener.data, copying->heard + done);
}

static struct sparse_listener listener_of(struct copying *copying)
{
	return copying->listener.hear ? (struct sparse_listener){hear, copying}
				      : (struct sparse_listener){0};
}

static int clone_file(struct copying *copying, struct copy *copy, struct error *err)
{
	enum clone_method used = CLONE_COPY;
	struct cloning cloning = {
		.source = copy->source,
		.format = copy->format,
		.target = copy->path,
		.method = CLONE_ALONE,
		.replace = copy->replaces,
		.allocate = !copying->sparse,
		.listener = listener_of(copying),
	};

	if (copy->method == METHOD_REFLINK)
		cloning.method = CLONE_REFLINK;
	else if (copy->method == METHOD_COPY)
		cloning.method = CLONE_COPY;
	if (clone_image(&cloning, &used, err) < 0)
		return -1;
	copy->method = used == CLONE_REFLINK ? METHOD_REFLINK : METHOD_COPY;
	note_file(copying, copy);
	return 0;
}

// Firmware variables are a small file of their own format; a guest that runs has it open, and
// writes to it as good as never.
static int clone_nvram(struct copying *copying, struct copy *copy, struct error *err)
{
	struct staging staging = {.target = copy->path, .mode = 0600};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;

	if (staged_file_begin(&staging, &file, err) < 0 ||
	    clone_content(copy->source, file.fd, copy->path, (struct sparse_listener){0}, err) <
		    0 ||
	    staged_file_commit(&file, &(struct staged_commit){.sync = true}, err) < 0)
		return -1;
	note_file(copying, copy);
	return 0;
}

static char *volume_xml(const struct copying *copying, const struct copy *copy, const char *name)
{
	auto_xml struct xml *xml =
		storage_volume_xml(name, copy->capacity, copying->sparse,
				   text_begins(copy->path, "/dev/") ? NULL : copy->format);

	return xml_string(xml);
}

// By reflink first, where volumes are files: not every driver and file system can.
static virStorageVolPtr copy_volume(const struct copying *copying, const struct copy *copy,
				    virStoragePoolPtr pool, const char *xml)
{
	virStorageVolPtr made = NULL;

	if (copying->reflink != REFLINK_NEVER && copying->sparse &&
	    !text_begins(copy->path, "/dev/"))
		made = virStorageVolCreateXMLFrom(pool, xml, copy->volume,
						  VIR_STORAGE_VOL_CREATE_REFLINK);
	if (!made && copying->reflink != REFLINK_ALWAYS)
		made = virStorageVolCreateXMLFrom(pool, xml, copy->volume, 0);
	return made;
}

// libvirt copies it where only libvirt can.
static int clone_volume(struct copying *copying, struct copy *copy, struct error *err)
{
	struct storage *storage = copying->storage;
	const char *slash = strrchr(copy->path, '/'), *name = slash ? slash + 1 : copy->path;
	auto_free char *directory = file_directory(copy->path);
	auto_pool virStoragePoolPtr pool = storage_pool_of(storage, directory);
	auto_free char *xml = volume_xml(copying, copy, name);
	virStorageVolPtr made;

	if (!pool || !copy->volume) {
		error_set(err, STATUS_CONFLICT,
			  "'%s' cannot be copied: %s is in no storage pool of that host",
			  copy->source, copy->volume ? directory : copy->source);
		return error_hint(err, "$vmctl pool-define-as NAME dir --target '%s'", directory);
	}
	made = copy_volume(copying, copy, pool, xml);
	if (!made)
		return virt_failure(err, "cannot make the volume '%s' from '%s'", copy->path,
				    copy->source);
	storage_made(storage, (struct made){.volume = made});
	return 0;
}

// How much of one copy is done.
struct part {
	struct copying *copying;
	unsigned long long size;
};

static void hear_part(void *data, double part)
{
	const struct part *of = data;

	hear(of->copying, (unsigned long long)(part * (double)of->size));
}

static int clone_snapshot(struct copying *copying, struct copy *copy, struct error *err)
{
	struct part part = {copying, copy->allocated};
	struct extraction extraction = {
		.source = copy->source,
		.format = copy->format,
		.snapshot = copying->snapshot,
		.target = copy->path,
		.replace = copy->replaces,
		.hear = copying->listener.hear ? hear_part : NULL,
		.data = &part,
	};

	if (extract_snapshot(&extraction, err) < 0)
		return -1;
	note_file(copying, copy);
	return 0;
}

static int make(struct copying *copying, struct copy *copy, struct error *err)
{
	switch (copy->method) {
	case METHOD_LOCAL:
	case METHOD_REFLINK:
	case METHOD_COPY:
		return copy->target ? clone_file(copying, copy, err)
				    : clone_nvram(copying, copy, err);
	case METHOD_VOLUME:
		return clone_volume(copying, copy, err);
	case METHOD_SNAPSHOT:
		return clone_snapshot(copying, copy, err);
	default:
		return 0; // empty disks and overlays are made as those of new guests are
	}
}

// What was put beside the volumes of a pool is to be one of them.
static void refresh(struct copying *copying, const struct copy *copy)
{
	auto_free char *directory = file_directory(copy->path);
	auto_pool virStoragePoolPtr pool = storage_pool_of(copying->storage, directory);

	if (pool)
		virStoragePoolRefresh(pool, 0);
}

int copying_make(struct copying *copying, struct error *err)
{
	if ((copying->running || copying->overlay) && storage_create(copying->storage, err) < 0)
		return -1;
	for (size_t i = 0; i < copying->count; i++) {
		struct copy *copy = &copying->copies[i];

		if (make(copying, copy, err) < 0 || interrupt_check(err) < 0)
			return -1;
		copying->heard += copy->method == METHOD_NONE ? 0 : copy->allocated;
		if (copy->method != METHOD_NONE && copy->method != METHOD_VOLUME)
			refresh(copying, copy);
	}
	return 0;
}
