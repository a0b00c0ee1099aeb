// SPDX-License-Identifier: GPL-3.0-or-later
// Making what is planned.
#include "image/create.h"

#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "guest/guest.h"
#include "image/image.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

// libvirt knows no default pool by itself: everybody who wants one makes it, like virt-install.
static virStoragePoolPtr make_default_pool(struct storage *storage, struct error *err)
{
	auto_free char *directory = storage_default_directory(storage);
	auto_xml struct xml *xml = xml_new("pool");
	auto_free char *text = NULL;
	virStoragePoolPtr pool;

	path_set(xml_root(xml), "@type", "dir");
	path_set(xml_root(xml), "name", "default");
	path_set(xml_root(xml), "target/path", directory);
	text = xml_string(xml);
	pool = virStoragePoolDefineXML(storage->connection, text, 0);
	if (!pool) {
		virt_failure(err, "cannot define the storage pool 'default' for '%s'", directory);
		return NULL;
	}
	virStoragePoolRef(pool);
	storage_made(storage, (struct made){.pool = pool});
	if (virStoragePoolBuild(pool, 0) < 0 || virStoragePoolCreate(pool, 0) < 0) {
		virt_failure(err, "cannot start the storage pool 'default' in '%s'", directory);
		virStoragePoolFree(pool);
		return NULL;
	}
	virStoragePoolSetAutostart(pool, 1);
	return pool;
}

static virStoragePoolPtr find_pool(struct storage *storage, const char *name, struct error *err)
{
	virStoragePoolPtr pool = virStoragePoolLookupByName(storage->connection, name);

	if (pool)
		return pool;
	if (text_equal(name, "default"))
		return make_default_pool(storage, err);
	virt_failure(err, "there is no storage pool '%s'", name);
	return NULL;
}

struct xml *storage_volume_xml(const char *name, unsigned long long size, bool sparse,
			       const char *format)
{
	struct xml *xml = xml_new("volume");
	struct xml_element *root = xml_root(xml);
	auto_free char *capacity = text_format("%llu", size);

	path_set(root, "name", name);
	path_set(root, "capacity", capacity);
	path_set(root, "allocation", sparse ? "0" : capacity);
	if (format)
		path_set(root, "target/format/@type", format);
	return xml;
}

static char *volume_xml(const struct disk_wish *wish, struct error *err)
{
	auto_xml struct xml *xml = storage_volume_xml(wish->volume, wish->size, wish->sparse,
						      wish->block ? NULL : wish->format);
	struct xml_element *root = xml_root(xml);
	auto_image struct image image = {0};
	const char *format = wish->backing_format;

	if (!wish->backing_store)
		return xml_string(xml);
	if (!format && image_read_outline(wish->backing_store, NULL, &image, err) < 0)
		return NULL;
	path_set(root, "backingStore/path", wish->backing_store);
	path_set(root, "backingStore/format/@type", format ? format : image.format);
	return xml_string(xml);
}

static int create_volume(struct storage *storage, const struct disk_wish *wish, struct error *err)
{
	auto_pool virStoragePoolPtr pool = find_pool(storage, wish->pool, err);
	auto_free char *text = pool ? volume_xml(wish, err) : NULL;
	virStorageVolPtr volume;

	if (!text)
		return -1;
	volume = virStorageVolCreateXML(pool, text, 0);
	if (!volume)
		return virt_failure(err, "cannot create the volume '%s' in the pool '%s'",
				    wish->volume, wish->pool);
	storage_made(storage, (struct made){.volume = volume});
	return 0;
}

static int create_file(struct storage *storage, const struct disk_wish *wish, struct error *err)
{
	auto_disk_source struct disk_source source = {0};
	struct creation creation = {
		.format = wish->format,
		.size = wish->size,
		.sized = true,
		.backing_file = wish->backing_store,
		.backing_format = wish->backing_format,
		.preallocation = wish->sparse ? NULL : "falloc",
	};

	disk_source_read(wish->element, &source);
	creation.path = source.path;
	if (create_image(&creation, NULL, err) < 0)
		return -1;
	storage_made(storage, (struct made){.path = text_copy(source.path)});
	return 0;
}

int storage_create(struct storage *storage, struct error *err)
{
	for (size_t i = 0; i < storage->guest->wish_count; i++) {
		const struct disk_wish *wish = &storage->guest->wishes[i];
		int failed = 0;

		if (wish->size)
			failed = wish->pool ? create_volume(storage, wish, err)
					    : create_file(storage, wish, err);
		if (failed || interrupt_check(err) < 0)
			return -1;
	}
	return 0;
}
