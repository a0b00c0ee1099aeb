// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/copy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "guest/guest.h"
#include "image/image.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "xml/document.h"
#include "xml/path.h"

static void copy_clear(struct copy *copy)
{
	free(copy->target);
	free(copy->source);
	free(copy->format);
	free(copy->backing);
	free(copy->problem);
	free(copy->path);
	if (copy->volume)
		virStorageVolFree(copy->volume);
}

void copying_clear(struct copying *copying)
{
	for (size_t i = 0; i < copying->count; i++)
		copy_clear(&copying->copies[i]);
	free(copying->copies);
	copying->copies = NULL;
	copying->count = 0;
}

const char *copy_method_name(enum copy_method method)
{
	static const char *const names[] = {NULL,      "auto",   "reflink", "copy",
					    "overlay", "volume", "backup",  "snapshot"};

	return names[method];
}

static const char *share_reason(const struct copy *copy)
{
	if (!copy->source && !path_has(copy->element, "source/@protocol") &&
	    !path_has(copy->element, "source/@pool"))
		return "there is nothing in it";
	if (path_has(copy->element, "readonly"))
		return "it is read-only";
	if (path_has(copy->element, "shareable") ||
	    path_has(copy->element, "transient/@shareBacking"))
		return "it is marked as shareable";
	return NULL;
}

// What a pool says of a volume.
static void read_volume(struct copy *copy)
{
	auto_free char *text = virStorageVolGetXMLDesc(copy->volume, 0);
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = text ? xml_parse(text, "the volume's XML", &ignored) : NULL;
	virStorageVolInfo info;

	if (virStorageVolGetInfo(copy->volume, &info) == 0) {
		copy->capacity = info.capacity;
		copy->allocated = info.allocation;
	}
	if (info.type == VIR_STORAGE_VOL_FILE && xml && !copy->format)
		copy->format = path_get(xml_root(xml), "target/format/@type");
	if (info.type == VIR_STORAGE_VOL_BLOCK) {
		free(copy->format);
		copy->format = text_copy(IMAGE_RAW);
	}
}

// What we can see of it ourselves.
static void read_file(struct copy *copy)
{
	auto_error struct error why = {0};
	auto_image struct image image = {0};

	if (!copy->source || access(copy->source, R_OK) != 0)
		return;
	if (image_read_outline(copy->source, copy->format, &image, &why) < 0) {
		copy->problem = text_copy(why.message);
		return;
	}
	copy->readable = true;
	copy->capacity = image.virtual_size;
	copy->allocated = image.allocated;
	copy->backing = take(&image.backing_file);
	if (!copy->format)
		copy->format = text_copy(image.format);
}

static char *problem_of(const struct copy *copy, const struct disk_source *source)
{
	if (source->protocol)
		return text_equal(source->protocol, "rbd")
			       ? text_copy(
					 "Cloning rbd volumes is not yet supported, but for disks "
					 "that name a pool and its volume")
			       : text_format("Disk network type '%s' is not cloneable",
					     source->protocol);
	if (copy->source || source->pool)
		return text_format("Disk path '%s' does not exist",
				   copy->source ? copy->source : source->volume);
	return text_copy("there is nothing in it");
}

static void read_disk(struct copying *copying, struct copy *copy, struct xml_element *element)
{
	auto_disk_source struct disk_source source = {0};

	copy->element = element;
	copy->target = path_get(element, "target/@dev");
	copy->format = path_get(element, "driver/@type");
	disk_source_read(element, &source);
	copy->source = text_copy(source.path);
	copy->share_reason = share_reason(copy);
	copy->action = copy->share_reason ? COPY_SHARE : COPY_CLONE;
	copy->volume = storage_find_volume(copying->storage, &source);
	if (copy->volume) {
		read_volume(copy);
		if (!copy->source)
			copy->source = virStorageVolGetPath(copy->volume);
	}
	if (copying->storage->local)
		read_file(copy);
	if (!copy->problem && !copy->readable && !copy->volume)
		copy->problem = problem_of(copy, &source);
}

static struct copy *add_copy(struct copying *copying)
{
	struct copy *copy;

	copying->copies =
		memory_resize(copying->copies, copying->count + 1, sizeof(*copying->copies));
	copy = &copying->copies[copying->count++];
	*copy = (struct copy){0};
	return copy;
}

void copying_read(struct copying *copying)
{
	const struct xml_element *devices = copying->storage->guest->devices;

	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk"))
		read_disk(copying, add_copy(copying), d);
}

// Where the NVRAM stands in the XML: libvirt has two ways to write it.
static const char *nvram_place(const struct guest *guest)
{
	if (path_has(guest->domain, "os/nvram/source/@file"))
		return "os/nvram/source/@file";
	return path_has(guest->domain, "os/nvram") ? "os/nvram" : NULL;
}

static char *nvram_path(const struct copying *copying, const char *old)
{
	const char *slash = strrchr(old, '/'), *file = slash ? slash + 1 : old;
	const char *dot = strrchr(file, '.');

	return text_format("%.*s%s_VARS%s", (int)(file - old), old, copying->storage->name,
			   dot ? dot : ".fd");
}

int copying_place_nvram(struct copying *copying, const char *path, bool preserve, struct error *err)
{
	struct storage *storage = copying->storage;
	const char *place = nvram_place(storage->guest);
	auto_free char *old = place ? path_get(storage->guest->domain, place) : NULL;
	auto_free char *new = NULL;
	auto_volume virStorageVolPtr there = NULL;
	struct copy *copy;

	if (path && !old)
		return error_set(err, STATUS_USAGE,
				 "the guest has no NVRAM: --nvram has no meaning");
	if (!old || !*old)
		return 0;
	new = path ? text_copy(path) : nvram_path(copying, old);
	path_set(storage->guest->domain, place, new);
	copy = add_copy(copying);
	copy->source = text_copy(old);
	copy->volume = virStorageVolLookupByPath(storage->connection, old);
	if (copy->volume)
		read_volume(copy);
	copy->readable = storage->local && access(old, R_OK) == 0;
	copy->path = take(&new);
	there = virStorageVolLookupByPath(storage->connection, copy->path);
	// libvirt makes one from its template where there is none.
	if (preserve || there || (storage->local && access(copy->path, F_OK) == 0) ||
	    (!copy->volume && !copy->readable))
		copy->action = COPY_PRESERVE;
	return 0;
}
