// SPDX-License-Identifier: GPL-3.0-or-later
// Hyper-V's VHDX: Microsoft's open specification [MS-VHDX]. Numbers are little-endian.
#include <string.h>

#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum {
	REGION_TABLE = 192 << 10, // offsets of the first table and its copy
	REGION_COPY = 256 << 10,
	TABLE = 64 << 10, // bytes of a region table and of the metadata table
	ENTRIES_MOST = 2047,
};

static const unsigned char metadata_region[16] = {0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
						  0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e};
static const unsigned char file_parameters[16] = {0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d,
						  0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b};
static const unsigned char disk_size[16] = {0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48,
					    0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8};

// Where the metadata begins, 0 where this table does not tell.
static unsigned long long metadata_in(const struct source *source, unsigned long long table,
				      struct error *err)
{
	unsigned char entry[32];
	unsigned count;

	if (source_read(source, table, entry, 16, err) < 0 || memcmp(entry, "regi", 4) != 0)
		return 0;
	count = bytes_le32(entry + 8);
	for (unsigned i = 0; i < count && i < ENTRIES_MOST; i++) {
		if (source_read(source, table + 16 + i * 32ULL, entry, sizeof(entry), err) < 0)
			return 0;
		if (memcmp(entry, metadata_region, 16) == 0)
			return bytes_le64(entry + 16);
	}
	return 0;
}

// Reads the first 8 bytes of the item ID in the metadata that begins at METADATA.
static int read_item(const struct source *source, unsigned long long metadata,
		     const unsigned char *id, unsigned char *item, struct error *err)
{
	unsigned char entry[32];
	unsigned count;

	if (source_read(source, metadata, entry, sizeof(entry), err) < 0)
		return -1;
	if (memcmp(entry, "metadata", 8) != 0)
		return error_set(err, STATUS_FAILED, "its metadata is missing");
	count = bytes_le16(entry + 10);
	for (unsigned i = 0; i < count && i < ENTRIES_MOST; i++) {
		if (source_read(source, metadata + 32 + i * 32ULL, entry, sizeof(entry), err) < 0)
			return -1;
		if (memcmp(entry, id, 16) == 0)
			return source_read(source, metadata + bytes_le32(entry + 16), item, 8, err);
	}
	return error_set(err, STATUS_FAILED, "its metadata lacks a needed item");
}

int vhdx_read(const struct source *source, const unsigned char *head, struct image *image,
	      struct error *err)
{
	struct error ignored = {0};
	unsigned long long metadata;
	unsigned char item[8];
	unsigned block;

	if (memcmp(head, "vhdxfile", 8) != 0)
		return error_set(err, STATUS_FAILED, "the signature is missing");
	metadata = metadata_in(source, REGION_TABLE, &ignored);
	if (!metadata)
		metadata = metadata_in(source, REGION_COPY, &ignored);
	error_clear(&ignored);
	if (metadata < TABLE || metadata > source->size)
		return error_set(err, STATUS_FAILED, "its region tables do not name its metadata");
	if (read_item(source, metadata, file_parameters, item, err) < 0)
		return -1;
	block = bytes_le32(item);
	if (block < 1 << 20 || block > 256 << 20 || block & (block - 1))
		return error_set(err, STATUS_FAILED, "impossible size of its blocks: %u", block);
	image->cluster_size = block;
	if (read_item(source, metadata, disk_size, item, err) < 0)
		return -1;
	image->virtual_size = bytes_le64(item);
	// The specification's limit.
	if (image->virtual_size > 64ULL << 40)
		return error_set(err, STATUS_FAILED, "impossible size of the disk: %llu",
				 image->virtual_size);
	return 0;
}
