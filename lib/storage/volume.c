// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes of storage pools.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "image/image.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

// What kind of volumes a kind of pool has.
static const struct pool_kind {
	const char *type;
	const char *source; // of a guest's disk: "file", "block"; NULL: network
	bool formats;       // its volumes have formats
} kinds[] = {
	{"dir", "file", true},      {"fs", "file", true},          {"netfs", "file", true},
	{"vstorage", "file", true}, {"logical", "block", false},   {"disk", "block", false},
	{"iscsi", "block", false},  {"scsi", "block", false},      {"mpath", "block", false},
	{"zfs", "block", false},    {"gluster", NULL, true},       {"rbd", NULL, false},
	{"sheepdog", NULL, false},  {"iscsi-direct", NULL, false},
};

static const struct pool_kind *kind_of(const struct xml *pool)
{
	auto_free char *type = path_get(xml_root(pool), "@type");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (text_equal(kinds[i].type, type))
			return &kinds[i];
	return &kinds[0];
}

static struct xml *pool_xml(virStoragePoolPtr pool, struct error *err)
{
	auto_free char *text = virStoragePoolGetXMLDesc(pool, 0);

	if (text)
		return xml_parse(text, "the pool's XML", err);
	virt_failure(err, "cannot read the storage pool '%s'", virStoragePoolGetName(pool));
	return NULL;
}

static void set_attribute(struct xml_element *element, const char *path, char *value)
{
	if (value)
		path_set(element, path, value);
	free(value);
}

static void copy_hosts(const struct xml_element *source, struct xml_element *disk)
{
	int number = 1;

	for (struct xml_element *h = xml_child(source, "host"); h; h = xml_next(h, "host")) {
		auto_free char *name = text_format("source/host[%d]/@name", number);
		auto_free char *port = text_format("source/host[%d]/@port", number++);

		set_attribute(disk, name, path_get(h, "@name"));
		set_attribute(disk, port, path_get(h, "@port"));
	}
}

// What the source of a disk is called at the server: after the pool's own place there.
static char *network_name(const struct xml *pool, const char *type, const char *volume)
{
	const struct xml_element *source = xml_child(xml_root(pool), "source");
	auto_free char *name = path_get(source, "name");
	auto_free char *directory = path_get(source, "dir/@path");
	auto_free char *device = path_get(source, "device/@path");

	// "unit:0:0:1" is logical unit 1.
	if (text_equal(type, "iscsi-direct"))
		return text_format("%s/%s", device ? device : "",
				   strrchr(volume, ':') ? strrchr(volume, ':') + 1 : volume);
	if (directory && !text_equal(directory, "/"))
		return text_format("%s%s/%s", name ? name : "", directory, volume);
	return text_format("%s/%s", name ? name : "", volume);
}

static void set_secret(const struct xml_element *source, struct xml_element *disk, const char *type)
{
	auto_free char *user = path_get(source, "auth/@username");

	if (!user)
		return;
	path_set(disk, "auth/@username", user);
	path_set(disk, "auth/secret/@type", text_equal(type, "rbd") ? "ceph" : "iscsi");
	set_attribute(disk, "auth/secret/@uuid", path_get(source, "auth/secret/@uuid"));
	set_attribute(disk, "auth/secret/@usage", path_get(source, "auth/secret/@usage"));
}

// A volume that a server has: QEMU opens it there itself.
static void set_network_source(const struct xml *pool, const char *volume, const char *key,
			       struct xml_element *disk)
{
	const struct xml_element *source = xml_child(xml_root(pool), "source");
	auto_free char *type = path_get(xml_root(pool), "@type");
	auto_free char *name = network_name(pool, type, volume);
	bool iscsi = text_equal(type, "iscsi-direct");
	const char *unit = key ? strstr(key, "iqn.") : NULL;

	path_set(disk, "@type", "network");
	path_set(disk, "source/@protocol", iscsi ? "iscsi" : type);
	path_set(disk, "source/@name", iscsi && unit ? unit : name);
	copy_hosts(source, disk);
	set_secret(source, disk, type);
}

static bool names_volume(const struct disk_wish *wish)
{
	return path_has(wish->element, "source/@pool");
}

int storage_read_volume(struct storage *storage, struct disk_wish *wish, virStorageVolPtr volume,
			struct error *err)
{
	auto_pool virStoragePoolPtr pool = virStoragePoolLookupByVolume(volume);
	auto_free char *text = virStorageVolGetXMLDesc(volume, 0);
	auto_xml struct xml *xml = NULL, *above = NULL;
	auto_free char *type = NULL, *path = NULL, *format = NULL, *key = NULL;

	(void)storage;
	if (!text || !pool)
		return virt_failure(err, "cannot read the volume '%s'",
				    virStorageVolGetName(volume));
	xml = xml_parse(text, "the volume's XML", err);
	above = xml ? pool_xml(pool, err) : NULL;
	if (!above)
		return -1;
	type = path_get(xml_root(xml), "@type");
	path = path_get(xml_root(xml), "target/path");
	key = path_get(xml_root(xml), "key");
	format = path_get(xml_root(xml), "target/format/@type");
	wish->size = 0; // it is there
	wish->block = text_equal(type, "block");
	free(take(&wish->format));
	wish->format = text_copy(!format || wish->block || text_equal(format, "iso") ||
						 text_equal(format, "unknown")
					 ? IMAGE_RAW
					 : format);
	if (names_volume(wish))
		path_set(wish->element, "@type", "volume");
	else if (text_equal(type, "network") || !path)
		set_network_source(above, virStorageVolGetName(volume), key, wish->element);
	else
		storage_place(wish, path,
			      text_equal(type, "dir") ? "dir"
			      : wish->block           ? "block"
						      : "file");
	return 0;
}

virStorageVolPtr storage_find_volume(const struct storage *storage,
				     const struct disk_source *source)
{
	auto_pool virStoragePoolPtr pool = NULL;

	if (source->path)
		return virStorageVolLookupByPath(storage->connection, source->path);
	if (!source->pool || !source->volume)
		return NULL;
	pool = virStoragePoolLookupByName(storage->connection, source->pool);
	return pool ? virStorageVolLookupByName(pool, source->volume) : NULL;
}

virStoragePoolPtr storage_pool_of(struct storage *storage, const char *directory)
{
	virStoragePoolPtr found = virStoragePoolLookupByTargetPath(storage->connection, directory);
	auto_pools virStoragePoolPtr *pools = NULL;

	// Not every driver can look it up.
	if (found || virConnectListAllStoragePools(storage->connection, &pools,
						   VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE) < 0)
		return found;
	for (virStoragePoolPtr *pool = pools; *pool && !found; pool++) {
		auto_error struct error ignored = {0};
		auto_xml struct xml *xml = pool_xml(*pool, &ignored);
		auto_free char *path = xml ? path_get(xml_root(xml), "target/path") : NULL;

		if (!text_equal(path, directory))
			continue;
		virStoragePoolRef(*pool);
		found = *pool;
	}
	return found;
}

// A name that no volume of the pool has: NAME.qcow2, NAME-1.qcow2, ...
static char *new_volume_name(const struct storage *storage, virStoragePoolPtr pool,
			     const char *suffix)
{
	for (int i = 0;; i++) {
		auto_free char *number = i ? text_format("-%d", i) : text_copy("");
		auto_free char *name = text_format("%s%s%s", storage->name, number, suffix);
		auto_free char *planned =
			text_format("%s/%s", pool ? virStoragePoolGetName(pool) : "default", name);
		auto_volume virStorageVolPtr volume =
			pool ? virStorageVolLookupByName(pool, name) : NULL;

		if (!volume && !list_has(&storage->planned, planned))
			return take(&name);
	}
}

char *storage_default_directory(const struct storage *storage)
{
	const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");

	if (!storage->guest->host->session)
		return text_copy("/var/lib/libvirt/images");
	if (data && *data)
		return text_format("%s/libvirt/images", data);
	return text_format("%s/.local/share/libvirt/images", home ? home : "");
}

static const char *suffix_of(const char *format)
{
	static const struct {
		const char *format, *suffix;
	} suffixes[] = {
		{IMAGE_RAW, ".img"}, {IMAGE_QCOW2, ".qcow2"}, {"vmdk", ".vmdk"}, {"qed", ".qed"}};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (text_equal(suffixes[i].format, format))
			return suffixes[i].suffix;
	return "";
}

// POOL is NULL for the pool "default" that does not exist yet.
static void plan_name(struct storage *storage, struct disk_wish *wish, virStoragePoolPtr pool,
		      bool files)
{
	if (!wish->volume)
		wish->volume = new_volume_name(storage, pool, files ? suffix_of(wish->format) : "");
	list_add_format(&storage->planned, "%s/%s", wish->pool, wish->volume);
}

static void plan_in_default(struct storage *storage, struct disk_wish *wish)
{
	auto_free char *directory = storage_default_directory(storage), *path = NULL;

	if (!wish->format)
		wish->format = text_copy(IMAGE_QCOW2);
	plan_name(storage, wish, NULL, true);
	path = text_format("%s/%s", directory, wish->volume);
	storage_place(wish, path, "file");
}

static int plan_in_pool(struct storage *storage, struct disk_wish *wish, virStoragePoolPtr pool,
			struct error *err)
{
	auto_xml struct xml *xml = pool_xml(pool, err);
	const struct pool_kind *kind = xml ? kind_of(xml) : NULL;
	auto_free char *directory = xml ? path_get(xml_root(xml), "target/path") : NULL;
	auto_free char *path = NULL;

	if (!xml)
		return -1;
	if (wish->format && !kind->formats && !text_equal(wish->format, IMAGE_RAW))
		return error_set(err, STATUS_USAGE,
				 "Format attribute not supported for volumes of the pool '%s': "
				 "they are raw, not %s",
				 wish->pool, wish->format);
	if (!wish->format)
		wish->format = text_copy(kind->formats ? IMAGE_QCOW2 : IMAGE_RAW);
	plan_name(storage, wish, pool, kind->formats);
	wish->block = text_equal(kind->source, "block");
	if (names_volume(wish)) {
		path_set(wish->element, "@type", "volume");
	} else if (kind->source) {
		path = text_format("%s/%s", directory ? directory : "", wish->volume);
		storage_place(wish, path, kind->source);
	} else {
		set_network_source(xml, wish->volume, NULL, wish->element);
	}
	return 0;
}

// The pool that stands for "default": of that name, or of its directory.
static virStoragePoolPtr find_default(struct storage *storage, struct disk_wish *wish)
{
	auto_free char *directory = storage_default_directory(storage);
	virStoragePoolPtr pool = storage_pool_of(storage, directory);

	if (!pool)
		return NULL;
	free(wish->pool);
	wish->pool = text_copy(virStoragePoolGetName(pool));
	return pool;
}

static int no_volume(const struct disk_wish *wish, struct error *err)
{
	if (wish->volume)
		error_set(err, STATUS_USAGE,
			  "the pool '%s' has no storage vol with matching name '%s'", wish->pool,
			  wish->volume);
	else
		error_set(err, STATUS_USAGE,
			  "Size must be specified for non existent volume in the pool '%s'",
			  wish->pool);
	return error_hint(err, "size=GIB makes it");
}

int storage_resolve_volume(struct storage *storage, struct disk_wish *wish, struct error *err)
{
	auto_pool virStoragePoolPtr pool =
		virStoragePoolLookupByName(storage->connection, wish->pool);
	auto_volume virStorageVolPtr volume = NULL;

	if (!pool && text_equal(wish->pool, "default"))
		pool = find_default(storage, wish);
	// Before anything is made, a default pool that is missing is only a plan.
	if (!pool && text_equal(wish->pool, "default") && !wish->volume && wish->size) {
		plan_in_default(storage, wish);
		return 0;
	}
	if (!pool) {
		virt_failure(err, "there is no storage pool '%s'", wish->pool);
		err->status = STATUS_USAGE; // no check can be turned off that would help
		error_hint(err, "$vmctl pool-list --all shows those there are");
		return -1;
	}
	if (virStoragePoolIsActive(pool) != 1) {
		error_set(err, STATUS_CONFLICT, "the storage pool '%s' is not active", wish->pool);
		return error_hint(err, "$vmctl pool-start -- '%s'", wish->pool);
	}
	if (wish->volume)
		volume = virStorageVolLookupByName(pool, wish->volume);
	if (volume)
		return storage_read_volume(storage, wish, volume, err);
	if (wish->size)
		return plan_in_pool(storage, wish, pool, err);
	return no_volume(wish, err);
}
