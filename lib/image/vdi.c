// SPDX-License-Identifier: GPL-3.0-or-later
// The header of VirtualBox's VDI; block/vdi.c of QEMU describes it. Numbers are little-endian.
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum { VERSION = 0x00010001, BLOCK = 1 << 20, DYNAMIC = 1, STATIC = 2 };
enum { BLOCKS_MOST = 0x1fffff80 }; // so that QEMU's map of them stays below 2 GiB
enum { MAP_AT = 340, DATA_AT = 344, SECTOR_SIZE_AT = 360, LINK_AT = 424, UUIDS = 32 };

// One that stands on another: QEMU opens none of them.
static bool has_parent(const unsigned char *head)
{
	for (size_t i = 0; i < UUIDS; i++)
		if (head[LINK_AT + i])
			return true;
	return false;
}

static int check_layout(const unsigned char *head, unsigned blocks, struct error *err)
{
	unsigned sector = bytes_le32(head + SECTOR_SIZE_AT);

	if (blocks > BLOCKS_MOST)
		return error_set(err, STATUS_FAILED, "too many blocks: %u, at most %u", blocks,
				 (unsigned)BLOCKS_MOST);
	if (sector != 512)
		return error_set(err, STATUS_FAILED, "unknown size of its sectors: %u", sector);
	if (bytes_le32(head + MAP_AT) % 512 || bytes_le32(head + DATA_AT) % 512)
		return error_set(err, STATUS_FAILED, "its map or its data begin within a sector");
	if (has_parent(head))
		return error_set(err, STATUS_FAILED, "it stands on another image");
	return 0;
}

int vdi_read(const struct source *source, const unsigned char *head, struct image *image,
	     struct error *err)
{
	unsigned version = bytes_le32(head + 68), type = bytes_le32(head + 76);
	unsigned long long size = bytes_le64(head + 368);
	unsigned block = bytes_le32(head + 376), blocks = bytes_le32(head + 384);

	(void)source;
	if (bytes_le32(head + 64) != 0xbeda107f)
		return error_set(err, STATUS_FAILED, "the signature is missing");
	if (version != VERSION)
		return error_set(err, STATUS_FAILED, "unknown version %u.%u", version >> 16,
				 version & 0xffff);
	if (type != DYNAMIC && type != STATIC)
		return error_set(err, STATUS_FAILED, "unknown type %u", type);
	if (block != BLOCK)
		return error_set(err, STATUS_FAILED, "unknown size of its blocks: %u", block);
	if (size > (unsigned long long)blocks * BLOCK)
		return error_set(err, STATUS_FAILED, "a disk of %llu bytes does not fit %u blocks",
				 size, blocks);
	if (check_layout(head, blocks, err) < 0)
		return -1;
	image->virtual_size = (size + 511) / 512 * 512;
	image->cluster_size = BLOCK;
	return 0;
}
