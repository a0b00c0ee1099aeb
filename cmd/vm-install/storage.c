// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/storage.h"

#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "image/create.h"
#include "image/image.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static bool is_device(const struct guest_disk *disk, const char *device)
{
	auto_free char *own = path_get(disk->element, "@device");

	return text_equal(own, device);
}

// The format, the path and whether it is a block device, as the volume's XML has it.
static int read_volume(struct guest_disk *disk, virStorageVolPtr volume, struct error *err)
{
	auto_free char *text = virStorageVolGetXMLDesc(volume, 0);
	auto_xml struct xml *xml = NULL;
	auto_free char *type = NULL, *format = NULL;

	if (!text)
		return virt_failure(err, "cannot read the volume '%s'",
				    virStorageVolGetName(volume));
	xml = xml_parse(text, "the volume's XML", err);
	if (!xml)
		return -1;
	type = path_get(xml_root(xml), "@type");
	format = path_get(xml_root(xml), "target/format/@type");
	disk->block = text_equal(type, "block");
	if (!disk->path && !text_equal(type, "network"))
		disk->path = path_get(xml_root(xml), "target/path");
	if (!disk->format && format && !text_equal(format, "iso"))
		disk->format = take(&format);
	disk->size = 0; // it is there
	return 0;
}

// A name that no volume of the pool has: NAME.qcow2, NAME-1.qcow2, ...
static char *new_volume_name(const struct installation *installation, virStoragePoolPtr pool,
			     const char *format)
{
	for (int i = 0;; i++) {
		auto_free char *number = i ? text_format("-%d", i) : text_copy("");
		auto_free char *name = text_format("%s%s.%s", installation->name, number,
						   text_equal(format, "raw") ? "img" : format);
		virStorageVolPtr volume = virStorageVolLookupByName(pool, name);

		if (!volume)
			return take(&name);
		virStorageVolFree(volume);
	}
}

static char *default_pool_directory(const struct installation *installation)
{
	const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");

	if (!installation->host->session)
		return text_copy("/var/lib/libvirt/images");
	if (data && *data)
		return text_format("%s/libvirt/images", data);
	return text_format("%s/.local/share/libvirt/images", home ? home : "");
}

// libvirt knows no default pool by itself: everybody who wants one makes it, like virt-install.
static virStoragePoolPtr make_default_pool(struct installation *installation, struct error *err)
{
	auto_free char *directory = default_pool_directory(installation);
	auto_xml struct xml *xml = xml_new("pool");
	auto_free char *text = NULL;
	virStoragePoolPtr pool;

	path_set(xml_root(xml), "@type", "dir");
	path_set(xml_root(xml), "name", "default");
	path_set(xml_root(xml), "target/path", directory);
	text = xml_string(xml);
	pool = virStoragePoolDefineXML(installation->connection, text, 0);
	if (!pool) {
		virt_failure(err, "cannot define the storage pool 'default' for '%s'", directory);
		return NULL;
	}
	virStoragePoolRef(pool);
	installation_made(installation, (struct made){.pool = pool});
	if (virStoragePoolBuild(pool, 0) < 0 || virStoragePoolCreate(pool, 0) < 0) {
		virt_failure(err, "cannot start the storage pool 'default' in '%s'", directory);
		virStoragePoolFree(pool);
		return NULL;
	}
	virStoragePoolSetAutostart(pool, 1);
	return pool;
}

static virStoragePoolPtr find_pool(struct installation *installation, const char *name, bool make,
				   struct error *err)
{
	virStoragePoolPtr pool = virStoragePoolLookupByName(installation->connection, name);

	if (!pool && make && text_equal(name, "default"))
		return make_default_pool(installation, err);
	if (!pool) {
		virt_failure(err, "there is no storage pool '%s'", name);
		err->status = STATUS_NOT_FOUND;
		return NULL;
	}
	if (virStoragePoolIsActive(pool) == 1)
		return pool;
	error_set(err, STATUS_CONFLICT, "the storage pool '%s' is not active", name);
	error_hint(err, "vmctl pool-start '%s'", name);
	virStoragePoolFree(pool);
	return NULL;
}

// Where the volumes of the pool are files; NULL where they are not. The caller's.
static char *pool_directory(virStoragePoolPtr pool)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virStoragePoolGetXMLDesc(pool, 0);
	auto_xml struct xml *xml = text ? xml_parse(text, "the pool's XML", &ignored) : NULL;
	auto_free char *type = xml ? path_get(xml_root(xml), "@type") : NULL;

	if (!text_equal(type, "dir") && !text_equal(type, "fs") && !text_equal(type, "netfs"))
		return NULL;
	return path_get(xml_root(xml), "target/path");
}

// In a pool: a volume that is there, or one that is to be made.
static int resolve_volume(struct installation *installation, struct guest_disk *disk,
			  struct error *err)
{
	bool given = disk->volume != NULL;
	auto_pool virStoragePoolPtr pool = NULL;
	auto_volume virStorageVolPtr volume = NULL;
	auto_free char *directory = NULL;

	// Before anything is made, a default pool that is missing is only a plan.
	pool = virStoragePoolLookupByName(installation->connection, disk->pool);
	if (!pool && text_equal(disk->pool, "default") && !given) {
		disk->format = disk->format ? disk->format : text_copy("qcow2");
		disk->volume = text_format("%s.%s", installation->name, disk->format);
		directory = default_pool_directory(installation);
		disk->path = text_format("%s/%s", directory, disk->volume);
		return 0;
	}
	if (pool)
		virStoragePoolFree(pool);
	pool = find_pool(installation, disk->pool, false, err);
	if (!pool)
		return -1;
	if (given)
		volume = virStorageVolLookupByName(pool, disk->volume);
	if (volume)
		return read_volume(disk, volume, err);
	if (!disk->size) {
		error_set(err, STATUS_NOT_FOUND, "the pool '%s' has no volume '%s'", disk->pool,
			  disk->volume ? disk->volume : "");
		return error_hint(err, "size=GIB makes it");
	}
	disk->format = disk->format ? disk->format : text_copy("qcow2");
	if (!given)
		disk->volume = new_volume_name(installation, pool, disk->format);
	directory = pool_directory(pool);
	if (directory && !disk->path)
		disk->path = text_format("%s/%s", directory, disk->volume);
	return 0;
}

static int missing_file(const struct guest_disk *disk, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "'%s' does not exist", disk->path);
	return is_device(disk, "cdrom") ? -1 : error_hint(err, "size=GIB makes it");
}

// QEMU runs as a user of its own, which must be able to go through all directories of the path.
static void warn_of_directories(struct installation *installation, const char *path)
{
	auto_free char *directory = text_copy(path);

	if (installation->host->session || !text_equal(installation->host->scheme, "qemu"))
		return;
	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		struct stat status;

		*slash = '\0';
		if (stat(directory, &status) == 0 && !(status.st_mode & S_IXOTH))
			list_add_format(&installation->guest->warnings,
					"'%s' may be out of reach for QEMU: its user cannot enter "
					"'%s' (chmod o+x would let it)",
					path, directory);
		*slash = '/';
	}
}

static int read_file(struct guest_disk *disk, const struct stat *status, struct error *err)
{
	auto_image struct image image = {0};

	if (S_ISDIR(status->st_mode))
		return error_set(err, STATUS_USAGE, "'%s' is a directory", disk->path);
	disk->size = 0; // it is there
	disk->block = S_ISBLK(status->st_mode);
	if (disk->format)
		return 0;
	if (image_read(disk->path, NULL, &image, err) < 0)
		return -1;
	disk->format = text_copy(disk->block ? "raw" : image.format);
	return 0;
}

// A file that does not exist yet, on the file system that QEMU will see, which is this one.
static int plan_file(struct guest_disk *disk, struct error *err)
{
	auto_free char *directory = file_directory(disk->path);

	if (!disk->size)
		return missing_file(disk, err);
	if (!file_is_directory(directory))
		return error_set(err, STATUS_NOT_FOUND,
				 "there is no directory '%s' for the disk '%s'", directory,
				 disk->path);
	disk->format = disk->format ? disk->format : text_copy("qcow2");
	return 0;
}

static int unreachable(const struct guest_disk *disk, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "'%s' is in no storage pool of that host", disk->path);
	return error_hint(err,
			  "--disk pool=NAME,size=GIB makes it in one; vmctl pool-list shows those "
			  "there are");
}

static int resolve_path(struct installation *installation, struct guest_disk *disk,
			struct error *err)
{
	auto_free char *directory = file_directory(disk->path);
	auto_pool virStoragePoolPtr pool = NULL;
	struct stat status;

	if (installation->local)
		warn_of_directories(installation, disk->path);
	if (installation->local && stat(disk->path, &status) == 0)
		return read_file(disk, &status, err);
	// libvirt makes what lies in one of its pools: it may write there even if the caller may
	// not.
	pool = virStoragePoolLookupByTargetPath(installation->connection, directory);
	if (!pool)
		return installation->local ? plan_file(disk, err) : unreachable(disk, err);
	disk->pool = text_copy(virStoragePoolGetName(pool));
	disk->volume = text_copy(strrchr(disk->path, '/') + 1);
	return resolve_volume(installation, disk, err);
}

int storage_resolve(struct installation *installation, struct guest_disk *disk, struct error *err)
{
	auto_volume virStorageVolPtr volume = NULL;

	if (!disk->path && !disk->pool && disk->size)
		disk->pool = text_copy("default");
	if (disk->pool)
		return resolve_volume(installation, disk, err);
	if (!disk->path) // an empty drive, or a source in XML terms
		return 0;
	volume = virStorageVolLookupByPath(installation->connection, disk->path);
	return volume ? read_volume(disk, volume, err) : resolve_path(installation, disk, err);
}

int storage_check_size(struct installation *installation, const struct guest_disk *disk,
		       struct error *err)
{
	unsigned long long available = 0;

	if (!disk->size)
		return 0;
	if (disk->pool) {
		auto_pool virStoragePoolPtr pool =
			virStoragePoolLookupByName(installation->connection, disk->pool);
		virStoragePoolInfo info;

		if (!pool || virStoragePoolGetInfo(pool, &info) < 0)
			return 0;
		available = info.available;
	} else {
		auto_free char *directory = file_directory(disk->path);
		struct statvfs status;

		if (statvfs(directory, &status) < 0)
			return 0;
		available = (unsigned long long)status.f_bavail * status.f_frsize;
	}
	if (disk->size <= available)
		return 0;
	error_set(err, STATUS_FAILED, "the disk '%s' may grow to %llu MiB, but %llu MiB are free",
		  disk->path ? disk->path : disk->volume, disk->size >> 20, available >> 20);
	// A sparse disk may never need what it promises.
	return installation_object(installation, installation->checks.disk_size && !disk->sparse,
				   "disk_size", err);
}

static int create_volume(struct installation *installation, const struct guest_disk *disk,
			 struct error *err)
{
	auto_pool virStoragePoolPtr pool = find_pool(installation, disk->pool, true, err);
	auto_xml struct xml *xml = xml_new("volume");
	auto_free char *capacity = text_format("%llu", disk->size), *text = NULL;
	virStorageVolPtr volume;

	if (!pool)
		return -1;
	path_set(xml_root(xml), "name", disk->volume);
	path_set(xml_root(xml), "capacity", capacity);
	path_set(xml_root(xml), "allocation", disk->sparse ? "0" : capacity);
	path_set(xml_root(xml), "target/format/@type", disk->format);
	if (disk->backing_store) {
		path_set(xml_root(xml), "backingStore/path", disk->backing_store);
		path_set(xml_root(xml), "backingStore/format/@type",
			 disk->backing_format ? disk->backing_format : "qcow2");
	}
	text = xml_string(xml);
	volume = virStorageVolCreateXML(pool, text, 0);
	if (!volume)
		return virt_failure(err, "cannot create the volume '%s' in the pool '%s'",
				    disk->volume, disk->pool);
	installation_made(installation, (struct made){.volume = volume});
	return 0;
}

static int create_file(struct installation *installation, const struct guest_disk *disk,
		       struct error *err)
{
	struct creation creation = {
		.path = disk->path,
		.format = disk->format,
		.size = disk->size,
		.sized = true,
		.backing_file = disk->backing_store,
		.backing_format = disk->backing_format,
		.preallocation = disk->sparse ? NULL : "falloc",
	};

	if (create_image(&creation, NULL, err) < 0)
		return -1;
	installation_made(installation, (struct made){.path = text_copy(disk->path)});
	return 0;
}

int storage_create(struct installation *installation, struct guest_disk *disk, struct error *err)
{
	if (!disk->size)
		return 0;
	return disk->pool ? create_volume(installation, disk, err)
			  : create_file(installation, disk, err);
}
