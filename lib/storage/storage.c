// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/storage.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "image/image.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static void release(struct made *made)
{
	free(made->path);
	free(made->directory);
	if (made->volume)
		virStorageVolFree(made->volume);
	if (made->pool)
		virStoragePoolFree(made->pool);
}

void storage_clear(struct storage *storage)
{
	for (size_t i = 0; i < storage->made_count; i++)
		release(&storage->made[i]);
	free(storage->made);
	list_clear(&storage->planned);
	*storage = (struct storage){0};
}

void storage_made(struct storage *storage, struct made made)
{
	storage->made =
		memory_resize(storage->made, storage->made_count + 1, sizeof(*storage->made));
	storage->made[storage->made_count++] = made;
}

static void remove_made(const struct made *made)
{
	if (made->volume)
		virStorageVolDelete(made->volume, 0);
	if (made->pool) {
		virStoragePoolDestroy(made->pool);
		virStoragePoolUndefine(made->pool);
	}
	if (made->path)
		unlink(made->path);
	if (made->directory)
		rmdir(made->directory);
}

void storage_undo(struct storage *storage)
{
	while (storage->made_count > 0) {
		struct made *made = &storage->made[--storage->made_count];

		remove_made(made);
		release(made);
	}
}

int storage_object(struct storage *storage, bool check, const char *name, struct error *err)
{
	if (check) {
		if (!err->hint)
			error_hint(err, "--check %s=off continues anyway", name);
		return -1;
	}
	list_add(&storage->guest->warnings, err->message);
	error_clear(err);
	return 0;
}

void storage_place(struct disk_wish *wish, const char *path, const char *type)
{
	auto_disk_source struct disk_source source = {0};

	disk_source_read(wish->element, &source);
	if (source.path && (!wish->placed || path_has(wish->element, "@type"))) {
		wish->block = text_equal(source.type, "block");
		return;
	}
	disk_source_set(wish->element, path, type);
}

static bool is_device(const struct disk_wish *wish, const char *device)
{
	auto_free char *own = path_get(wish->element, "@device");

	return text_equal(own, device);
}

static int read_file(struct disk_wish *wish, const char *path, const struct stat *status,
		     struct error *err)
{
	auto_image struct image image = {0};

	wish->size = 0; // it is there
	wish->block = S_ISBLK(status->st_mode);
	if (S_ISDIR(status->st_mode)) {
		storage_place(wish, path, "dir");
		return 0;
	}
	storage_place(wish, path, wish->block ? "block" : "file");
	if (!S_ISREG(status->st_mode) && !wish->block)
		return 0;
	free(take(&wish->format));
	if (wish->block) {
		wish->format = text_copy(IMAGE_RAW);
		return 0;
	}
	if (image_read(path, NULL, &image, err) < 0)
		return -1;
	// A CD is raw whatever it holds: libvirt's own default.
	if (!is_device(wish, "cdrom"))
		wish->format = text_copy(image.format);
	return 0;
}

static int missing(const struct disk_wish *wish, const char *path, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND,
		  "'%s' does not exist (Size must be specified for non existent volume path)",
		  path);
	return is_device(wish, "cdrom") ? -1 : error_hint(err, "size=GIB makes it");
}

// A file that does not exist yet. Only where nothing is made may its directory be missing too:
// other programs have libvirt make a pool of it.
static int plan_file(struct storage *storage, struct disk_wish *wish, const char *path,
		     struct error *err)
{
	auto_free char *directory = file_directory(path);

	if (text_begins(path, "/dev/")) {
		error_set(err, STATUS_USAGE,
			  "Cannot create storage for %s: it is a device. Use "
			  "libvirt APIs to manage the parent directory as a pool first",
			  path);
		return error_hint(err, "$vmctl pool-define-as NAME dir --target '%s'", directory);
	}
	if (storage->real && !file_is_directory(directory))
		return error_set(err, STATUS_NOT_FOUND,
				 "there is no directory '%s' for the disk '%s'", directory, path);
	if (!wish->format)
		wish->format = text_copy(IMAGE_QCOW2);
	storage_place(wish, path, "file");
	return 0;
}

static int unreachable(const char *path, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "'%s' is in no storage pool of that host", path);
	return error_hint(err, "--disk pool=NAME,size=GIB makes it in one; $vmctl pool-list shows "
			       "those there are");
}

static int resolve_path(struct storage *storage, struct disk_wish *wish, const char *path,
			struct error *err)
{
	auto_free char *directory = file_directory(path);
	auto_volume virStorageVolPtr volume = virStorageVolLookupByPath(storage->connection, path);
	auto_pool virStoragePoolPtr pool = NULL;
	const struct hypervisor *host = storage->guest->host;
	struct stat status;

	if (volume)
		return storage_read_volume(storage, wish, volume, err);
	if (storage->local && !host->session && text_equal(host->scheme, "qemu"))
		storage_warn_of_reach(storage, path);
	if (storage->local && stat(path, &status) == 0)
		return read_file(wish, path, &status, err);
	if (!wish->size)
		return storage->local ? missing(wish, path, err) : unreachable(path, err);
	// libvirt makes what lies in one of its pools: it may write there even if the caller may
	// not.
	pool = storage_pool_of(storage, directory);
	if (!pool)
		return storage->local ? plan_file(storage, wish, path, err)
				      : unreachable(path, err);
	wish->pool = text_copy(virStoragePoolGetName(pool));
	wish->volume = text_copy(strrchr(path, '/') + 1);
	return storage_resolve_volume(storage, wish, err);
}

// A source in the terms of the XML: the same volumes and files, so the same checks.
static int resolve_source(struct storage *storage, struct disk_wish *wish, struct error *err)
{
	auto_disk_source struct disk_source source = {0};

	disk_source_read(wish->element, &source);
	if (source.pool && !source.volume)
		return error_set(err, STATUS_USAGE, "--disk source.pool=%s needs a source.volume",
				 source.pool);
	if (source.pool) {
		wish->pool = text_copy(source.pool);
		wish->volume = text_copy(source.volume);
		return storage_resolve_volume(storage, wish, err);
	}
	if (source.path && *source.path == '/')
		return resolve_path(storage, wish, source.path, err);
	if (source.protocol && wish->size)
		return error_set(err, STATUS_USAGE,
				 "what another host serves cannot be made: "
				 "leave size= out");
	return 0;
}

static int resolve(struct storage *storage, struct disk_wish *wish, struct error *err)
{
	auto_disk_source struct disk_source source = {0};

	wish->resolved = true;
	disk_source_read(wish->element, &source);
	if (!wish->pool && !source.path && !source.pool && !source.protocol && wish->size)
		wish->pool = text_copy("default");
	if (wish->pool && (source.path || source.pool))
		return error_set(err, STATUS_USAGE,
				 "--disk: pool=, vol= and a path are different things: give one");
	if (wish->pool)
		return storage_resolve_volume(storage, wish, err);
	return resolve_source(storage, wish, err);
}

int storage_resolve(struct storage *storage, struct error *err)
{
	for (size_t i = 0; i < storage->guest->wish_count; i++) {
		struct disk_wish *wish = &storage->guest->wishes[i];

		if (wish->resolved || resolve(storage, wish, err) == 0)
			continue;
		if (err->status != STATUS_NOT_FOUND ||
		    storage_object(storage, storage->checks.path_exists, "path_exists", err) < 0)
			return -1;
	}
	return 0;
}

static unsigned long long room(struct storage *storage, const struct disk_wish *wish,
			       const char *path)
{
	virStoragePoolInfo info;
	struct statvfs status;
	auto_free char *directory = path ? file_directory(path) : NULL;
	auto_pool virStoragePoolPtr pool = NULL;

	if (wish->pool) {
		pool = virStoragePoolLookupByName(storage->connection, wish->pool);
		if (pool && virStoragePoolGetInfo(pool, &info) == 0)
			return info.available;
	} else if (directory && storage->local && statvfs(directory, &status) == 0) {
		return (unsigned long long)status.f_bavail * status.f_frsize;
	}
	return ~0ULL;
}

static int check_room(struct storage *storage, const struct disk_wish *wish, struct error *err)
{
	auto_disk_source struct disk_source source = {0};
	unsigned long long available;
	const char *name;

	if (!wish->size)
		return 0;
	disk_source_read(wish->element, &source);
	available = room(storage, wish, source.path);
	if (wish->size <= available)
		return 0;
	name = source.path ? source.path : wish->volume;
	error_set(err, STATUS_FAILED,
		  "'%s': The requested volume capacity will exceed the available space when it is "
		  "fully allocated: it may grow to %llu MiB, but %llu MiB are free",
		  name ? name : "", wish->size >> 20, available >> 20);
	// A sparse disk may never need what it promises.
	return storage_object(
		storage, storage->checks.disk_size && (!wish->sparse || wish->filled > available),
		"disk_size", err);
}

int storage_check(struct storage *storage, struct error *err)
{
	for (size_t i = 0; i < storage->guest->wish_count; i++)
		if (check_room(storage, &storage->guest->wishes[i], err) < 0)
			return -1;
	return storage_check_in_use(storage, err);
}
