// SPDX-License-Identifier: GPL-3.0-or-later
// The header of VirtualBox's VDI; block/vdi.c of QEMU describes it. Numbers are little-endian.
#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum { VERSION = 0x00010001, BLOCK = 1 << 20, DYNAMIC = 1, STATIC = 2 };

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
	image->virtual_size = (size + 511) / 512 * 512;
	image->cluster_size = BLOCK;
	return 0;
}
