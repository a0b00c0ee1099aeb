// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/source.h"
#include "output/json.h"

// How the first bytes tell a format. NUMBER is the format's version where one decides.
struct magic {
	const char *bytes;
	size_t length;
	size_t offset;
	unsigned least, most; // of the big-endian number behind the magic; both 0: any
};

struct format {
	const char *name;
	struct magic magics[2];
	formats_reader *read; // NULL: only qemu-img reads it
	unsigned traits;
	const char *endings[3]; // of file names, beside ".NAME"
};

// In QEMU's own order; no two magics fit the same bytes.
static const struct format formats[] = {
	{IMAGE_QCOW2, {{"QFI\xfb", 4, 0, 2, UINT32_MAX}}, qcow2_read, IMAGE_MEASURED, {NULL}},
	{"qcow", {{"QFI\xfb", 4, 0, 1, 1}}, qcow_read, 0, {NULL}},
	{"vmdk", {{"KDMV", 4, 0, 0, 0}, {"COWD", 4, 0, 0, 0}}, vmdk_read, IMAGE_SEVERAL, {NULL}},
	{"vdi", {{"\x7f\x10\xda\xbe", 4, 64, 0, 0}}, vdi_read, 0, {NULL}},
	{"vpc", {{"conectix", 8, 0, 0, 0}}, vhd_read, 0, {".vhd"}},
	{"vhdx", {{"vhdxfile", 8, 0, 0, 0}}, vhdx_read, 0, {NULL}},
	{"qed", {{"QED\0", 4, 0, 0, 0}}, qed_read, 0, {NULL}},
	{"luks", {{"LUKS\xba\xbe\0\x01", 8, 0, 0, 0}}, luks_read, IMAGE_MEASURED, {NULL}},
	{"parallels",
	 {{"WithoutFreeSpace\x02\0\0\0", 20, 0, 0, 0}, {"WithouFreSpacExt\x02\0\0\0", 20, 0, 0, 0}},
	 NULL,
	 0,
	 {NULL}},
	{"bochs", {{"Bochs Virtual HD Image", 22, 0, 0, 0}}, NULL, 0, {NULL}},
	{"cloop", {{"#!/bin/sh\n#V2.0 Format\n", 23, 0, 0, 0}}, NULL, 0, {NULL}},
	{"dmg", {{0}}, NULL, 0, {NULL}}, // has its magic at the end; QEMU goes by the name
	{IMAGE_RAW, {{0}}, raw_read, 0, {".img", ".iso"}},
};
enum { FORMAT_COUNT = sizeof(formats) / sizeof(*formats) };

static bool magic_fits(const struct magic *magic, const unsigned char *head)
{
	unsigned number;

	if (magic->length == 0 || memcmp(head + magic->offset, magic->bytes, magic->length) != 0)
		return false;
	number = bytes_be32(head + magic->offset + magic->length);
	return magic->most == 0 || (number >= magic->least && number <= magic->most);
}

static const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (text_equal(formats[i].name, name))
			return &formats[i];
	return NULL;
}

bool image_format_known(const char *format)
{
	return format_named(format);
}

bool image_format_has(const char *format, enum image_trait trait)
{
	const struct format *row = format_named(format);

	return row && row->traits & trait;
}

bool image_format_fits(const char *format, const char *name)
{
	const struct format *row = format_named(format);
	auto_free char *own = text_format(".%s", format);

	if (text_ends(name, own))
		return true;
	for (size_t i = 0; row && i < sizeof(row->endings) / sizeof(*row->endings); i++)
		if (row->endings[i] && text_ends(name, row->endings[i]))
			return true;
	return false;
}

// A VMDK descriptor is text: comments and empty lines, then its version (QEMU accepts 1 to 3).
static bool is_vmdk_descriptor(const unsigned char *head)
{
	const char *line = (const char *)head, *end = line + FORMATS_HEAD;

	if (memcmp(head, "# ", 2) != 0 && memcmp(head, "version=", 8) != 0)
		return false;
	while (line < end && (*line == '#' || *line == '\n' || *line == '\r' || *line == ' ')) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		if (!next)
			return false;
		line = next + 1;
	}
	return end - line > 10 && memcmp(line, "version=", 8) == 0 && line[8] >= '1' &&
	       line[8] <= '3' && (line[9] == '\n' || line[9] == '\r');
}

static const struct format *format_probed(const unsigned char *head, const char *path)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (magic_fits(&formats[i].magics[0], head) ||
		    magic_fits(&formats[i].magics[1], head))
			return &formats[i];
	if (is_vmdk_descriptor(head))
		return format_named("vmdk");
	return format_named(image_format_fits("dmg", path) ? "dmg" : IMAGE_RAW);
}

// ISO 9660: the first volume descriptor stands in sector 16 of 2048 bytes, "CD001" behind its type.
static bool is_iso(const struct source *source)
{
	struct error ignored = {0};
	char identifier[5];
	bool found;

	found = source->size >= 34816 &&
		source_read(source, 32769, identifier, sizeof(identifier), &ignored) == 0 &&
		memcmp(identifier, "CD001", 5) == 0;
	error_clear(&ignored);
	return found;
}

static bool all_zero(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

// A partition table (MBR, GPT), an ext or XFS file system, or nothing written yet; HEAD holds the
// first FORMATS_HEAD bytes.
static bool is_disk(const struct source *source, const unsigned char *head)
{
	if (image_format_fits(IMAGE_RAW, source->path))
		return true;
	if (source->block || source->size % 512)
		return source->block;
	return (head[510] == 0x55 && head[511] == 0xaa) || memcmp(head + 512, "EFI PART", 8) == 0 ||
	       (head[1080] == 0x53 && head[1081] == 0xef) || memcmp(head, "XFSB", 4) == 0 ||
	       (source->size && all_zero(head, FORMATS_HEAD));
}

int raw_read(const struct source *source, const unsigned char *head, struct image *image,
	     struct error *err)
{
	(void)err;
	image->virtual_size = (source->size + 511) / 512 * 512;
	image->iso = is_iso(source);
	image->plain = !image->iso && !is_disk(source, head);
	return 0;
}

static int unknown_format(const char *name, struct error *err)
{
	return error_set(err, STATUS_USAGE, "unknown image format '%s'", name);
}

// IMAGE comes with what is asked of it, its `outline`.
static int read_open(const struct source *source, const char *name, struct image *image,
		     struct error *err)
{
	unsigned char head[FORMATS_HEAD] = {0};
	size_t length = source->size < sizeof(head) ? (size_t)source->size : sizeof(head);
	const struct format *format;
	auto_image struct image found = {
		.file_size = source->size,
		.allocated = source->allocated,
		.probed = !name,
		.outline = image->outline,
		.block = source->block,
		.device = source->device,
		.inode = source->inode,
	};

	if (source_read(source, 0, head, length, err) < 0)
		return -1;
	format = name ? format_named(name) : format_probed(head, source->path);
	if (!format)
		return unknown_format(name, err);
	found.format = format->name;
	found.opaque = !format->read;
	if (format->read && format->read(source, head, &found, err) < 0)
		return error_wrap(err, "'%s' is not a valid %s image", source->path, format->name);
	*image = found;
	found = (struct image){0};
	return 0;
}

static int read_path(const char *path, const char *format, struct image *image, struct error *err)
{
	auto_source struct source source = {0};

	if (source_open(path, &source, err) < 0)
		return -1;
	return read_open(&source, format, image, err);
}

int image_read(const char *path, const char *format, struct image *image, struct error *err)
{
	image->outline = false;
	return read_path(path, format, image, err);
}

int image_read_outline(const char *path, const char *format, struct image *image, struct error *err)
{
	image->outline = true;
	return read_path(path, format, image, err);
}

void image_clear(struct image *image)
{
	free(image->backing_file);
	free(image->backing_format);
	json_free(image->details);
	json_free(image->snapshots);
	*image = (struct image){0};
}

const char *image_format_name(size_t index)
{
	return index < FORMAT_COUNT ? formats[index].name : NULL;
}
