// SPDX-License-Identifier: GPL-3.0-or-later
// Whether other guests use what this one is to write to: their disks, running or not, and every
// image that those stand on.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "image/chain.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "xml/document.h"
#include "xml/path.h"

enum { CHAIN_MOST = 64 }; // against a loop

// What the volume at PATH stands on, as its pool knows it; the caller's, or NULL.
static char *backing_of_volume(virConnectPtr connection, const char *path)
{
	auto_volume virStorageVolPtr volume = virStorageVolLookupByPath(connection, path);
	auto_free char *text = volume ? virStorageVolGetXMLDesc(volume, 0) : NULL;
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = text ? xml_parse(text, "a volume's XML", &ignored) : NULL;

	return xml ? path_get(xml_root(xml), "backingStore/path") : NULL;
}

static void add(struct list *chain, const char *path)
{
	if (!list_has(chain, path))
		list_add(chain, path);
}

// PATH and all that it stands on.
static void add_chain(struct storage *storage, const char *path, struct list *chain)
{
	auto_error struct error ignored = {0};
	auto_chain struct chain files = {0};
	auto_free char *next = text_copy(path);

	for (int i = 0; next && i < CHAIN_MOST; i++) {
		char *below = backing_of_volume(storage->connection, next);

		add(chain, next);
		free(next);
		next = below;
	}
	if (storage->local && chain_walk_outline(path, NULL, &files, &ignored) == 0)
		for (size_t i = 0; i < files.count; i++)
			add(chain, files.links[i].path);
}

// What the disk's source is called, so that two names of the same are equal; NULL: it has none.
static char *identity(struct storage *storage, const struct xml_element *disk)
{
	auto_disk_source struct disk_source source = {0};
	auto_volume virStorageVolPtr volume = NULL;

	disk_source_read(disk, &source);
	if (source.path)
		return take(&source.path);
	// What a server calls it is what the volume's path is.
	if (source.protocol)
		return path_get(disk, "source/@name");
	if (!source.pool || !source.volume)
		return NULL;
	volume = storage_find_volume(storage, &source);
	return volume ? virStorageVolGetPath(volume)
		      : text_format("%s/%s", source.pool, source.volume);
}

static bool may_be_shared(const struct xml_element *disk)
{
	return path_has(disk, "readonly") || path_has(disk, "shareable");
}

// What the disks of another guest are, with all below them: those that it only reads too, since it
// reads nonsense when somebody writes there.
static void list_used(struct storage *storage, const struct xml_element *devices, struct list *used)
{
	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *source = identity(storage, d);

		if (!source)
			continue;
		if (*source == '/')
			add_chain(storage, source, used);
		else
			add(used, source);
		for (const struct xml_element *b = xml_child(d, "backingStore"); b;
		     b = xml_child(b, "backingStore")) {
			auto_free char *below = identity(storage, b);

			if (below)
				add(used, below);
		}
	}
}

static int check_disk(struct storage *storage, const struct disk_wish *wish,
		      const struct list *used, const char *owner, struct error *err)
{
	auto_free char *source = identity(storage, wish->element);

	if (!source || wish->size || may_be_shared(wish->element) || !list_has(used, source))
		return 0;
	error_set(err, STATUS_CONFLICT, "Disk '%s' is already in use by other guests: '%s' uses it",
		  source, owner);
	return storage_object(storage, storage->checks.path_in_use, "path_in_use", err);
}

static int check_disks(struct storage *storage, const struct xml_element *devices,
		       const char *owner, struct error *err)
{
	auto_list struct list used = {0};

	list_used(storage, devices, &used);
	for (size_t i = 0; i < storage->guest->wish_count; i++)
		if (check_disk(storage, &storage->guest->wishes[i], &used, owner, err) < 0)
			return -1;
	return 0;
}

// Whether any disk of the guest could be somebody else's: without, nobody need be asked.
static bool has_old_disk(const struct guest *guest)
{
	for (size_t i = 0; i < guest->wish_count; i++)
		if (!guest->wishes[i].size && !may_be_shared(guest->wishes[i].element) &&
		    path_find(guest->wishes[i].element, "source"))
			return true;
	return false;
}

int storage_check_in_use(struct storage *storage, struct error *err)
{
	return has_old_disk(storage->guest) ? storage_check_others(storage, check_disks, err) : 0;
}
