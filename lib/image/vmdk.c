// SPDX-License-Identifier: GPL-3.0-or-later
// VMware's VMDK: its Virtual Disk Format 5.0 specification. A text, the descriptor, names the
// extents that hold the data; it stands in a file of its own or behind the header of its only
// extent.
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/path.h"
#include "image/source.h"
#include "output/json.h"

enum {
	SECTOR = 512,
	DESCRIPTOR_MOST = 1 << 20, // bytes
	EXTENTS_MOST = 4096,
	COMPRESSED = 1 << 16, // flag of the header
};

// What the header of a sparse extent tells; numbers are little-endian.
struct sparse {
	unsigned long long capacity, grain; // sectors
	unsigned long long descriptor, descriptor_length;
	bool compressed;
};

static int read_sparse(const struct source *source, struct sparse *sparse, struct error *err)
{
	unsigned char header[79];

	if (source_read(source, 0, header, sizeof(header), err) < 0)
		return -1;
	// A stream has its final header a kilobyte before its end.
	if (bytes_le64(header + 56) == UINT64_MAX && source->size >= 1024 &&
	    source_read(source, source->size - 1024, header, sizeof(header), err) < 0)
		return -1;
	if (memcmp(header, "KDMV", 4) != 0)
		return error_set(err, STATUS_FAILED, "a sparse extent lacks its header");
	*sparse = (struct sparse){
		.capacity = bytes_le64(header + 12),
		.grain = bytes_le64(header + 20),
		.descriptor = bytes_le64(header + 28),
		.descriptor_length = bytes_le64(header + 36),
		.compressed = bytes_le32(header + 8) & COMPRESSED,
	};
	if (sparse->capacity > INT64_MAX / SECTOR || sparse->grain > 128 << 20 ||
	    sparse->descriptor > INT64_MAX / SECTOR ||
	    sparse->descriptor_length > DESCRIPTOR_MOST / SECTOR)
		return error_set(err, STATUS_FAILED, "its header has impossible sizes");
	// Where the data begin, in sectors.
	if (bytes_le64(header + 64) > source->size / SECTOR)
		return error_set(err, STATUS_FAILED,
				 "it is cut short: its data would begin behind its end");
	return 0;
}

static void add_extent(struct json *extents, const char *path, const char *format,
		       unsigned long long size, const struct sparse *sparse)
{
	struct json *extent = json_new_object();

	if (sparse && sparse->compressed)
		json_set(extent, "compressed", value_boolean(true));
	json_set(extent, "virtual-size", value_unsigned(size));
	json_set(extent, "filename", value_text(path));
	if (sparse)
		json_set(extent, "cluster-size", value_unsigned(sparse->grain * SECTOR));
	json_set(extent, "format", value_text(format));
	json_append_json(extents, extent);
}

// `RW 4194304 SPARSE "disk-s001.vmdk"`: an extent in a file beside the descriptor. Only its size is
// looked at, and of a sparse one its header.
static int read_extent(const char *descriptor_path, const char *line, struct image *image,
		       struct json *extents, struct error *err)
{
	auto_list struct list words = list_split(line, " \t");
	const char *open = strchr(line, '"'), *shut = open ? strchr(open + 1, '"') : NULL;
	auto_source struct source source = {0};
	auto_free char *name = NULL, *path = NULL;
	struct sparse sparse = {0};
	long long sectors;
	bool is_sparse;

	if (words.count < 4 || !shut)
		return error_set(err, STATUS_FAILED, "a line of its descriptor is incomplete");
	if (number_parse(words.items[1], 0, INT64_MAX / SECTOR, &sectors, err) < 0)
		return -1;
	is_sparse = text_equal(words.items[2], "SPARSE");
	if (!is_sparse && !text_equal(words.items[2], "FLAT") &&
	    !text_equal(words.items[2], "VMFS")) {
		image->opaque = true;
		return 0;
	}
	name = text_copy_bytes(open + 1, (size_t)(shut - open - 1));
	path = path_beside(descriptor_path, name);
	if (source_open(path, &source, err) < 0 ||
	    (is_sparse && read_sparse(&source, &sparse, err) < 0))
		return error_wrap(err, "its extent '%s' cannot be read", path);
	image->virtual_size += (unsigned long long)sectors * SECTOR;
	image->allocated += source.allocated;
	if (is_sparse)
		image->cluster_size = sparse.grain * SECTOR;
	add_extent(extents, path, words.items[2], (unsigned long long)sectors * SECTOR,
		   is_sparse ? &sparse : NULL);
	return 0;
}

// The value of `key=value` or `key="value"`; the caller's, NULL when LINE is another one.
static char *value_of(const char *line, const char *key)
{
	const char *value = line + strlen(key) + 1;
	size_t length;

	if (!text_begins(line, key) || line[strlen(key)] != '=')
		return NULL;
	length = strcspn(value + (*value == '"'), "\"\r");
	return text_copy_bytes(value + (*value == '"'), length);
}

static void set_identity(struct json *details, const char *key, const char *line, const char *name)
{
	auto_free char *text = value_of(line, name);

	if (text)
		json_set(details, key, value_unsigned(strtoul(text, NULL, 16) & UINT32_MAX));
}

// One line of the descriptor, extents left aside.
static void read_line(const char *line, struct image *image)
{
	auto_free char *type = value_of(line, "createType");
	char *parent = value_of(line, "parentFileNameHint");

	set_identity(image->details, "cid", line, "CID");
	set_identity(image->details, "parent-cid", line, "parentCID");
	if (type)
		json_set(image->details, "create-type", value_text(type));
	if (parent && !image->backing_file) {
		image->backing_file = parent;
		image->backing_format = text_copy("vmdk");
	} else {
		free(parent);
	}
}

// A descriptor of its own names files; inside a sparse extent it names that one.
static int read_descriptor(const char *path, const char *text, bool embedded, struct image *image,
			   struct error *err)
{
	auto_list struct list lines = list_split(text, "\n");
	auto_json struct json *extents = json_new_array();

	image->details = json_new_object();
	for (size_t i = 0; i < lines.count; i++) {
		read_line(lines.items[i], image);
		if (embedded || !text_begins(lines.items[i], "RW "))
			continue;
		if (json_count(extents) >= EXTENTS_MOST)
			return error_set(err, STATUS_FAILED, "it has too many extents");
		if (read_extent(path, lines.items[i], image, extents, err) < 0)
			return -1;
	}
	if (!embedded)
		json_set_json(image->details, "extents", take(&extents));
	return 0;
}

static int read_embedded(const struct source *source, struct image *image, struct error *err)
{
	struct sparse sparse = {0};
	auto_free char *text = NULL;
	struct json *extents;

	if (read_sparse(source, &sparse, err) < 0)
		return -1;
	text = source_read_new(source, sparse.descriptor * SECTOR,
			       sparse.descriptor_length * SECTOR, DESCRIPTOR_MOST, err);
	if (!text || read_descriptor(source->path, text, true, image, err) < 0)
		return -1;
	image->virtual_size = sparse.capacity * SECTOR;
	image->cluster_size = sparse.grain * SECTOR;
	extents = json_new_array();
	add_extent(extents, source->path, "", image->virtual_size, &sparse);
	json_set_json(image->details, "extents", extents);
	return 0;
}

int vmdk_read(const struct source *source, const unsigned char *head, struct image *image,
	      struct error *err)
{
	auto_free char *text = NULL;

	if (memcmp(head, "KDMV", 4) == 0)
		return read_embedded(source, image, err);
	if (memcmp(head, "COWD", 4) == 0) {
		image->opaque = true;
		return 0;
	}
	text = source_read_new(source, 0, source->size, DESCRIPTOR_MOST, err);
	return text ? read_descriptor(source->path, text, false, image, err) : -1;
}
