// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual PC's VHD, QEMU's "vpc": Microsoft's Virtual Hard Disk Image Format Specification 1.0.
// Numbers are big-endian.
#include <string.h>

#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum { FOOTER = 512, FIXED = 2, DYNAMIC = 3 };
enum { GEOMETRY_MOST = 65535 * 16 * 255 }; // sectors that a geometry can tell
// Sectors that QEMU allows a disk: 2040 GiB.
static const unsigned long long sectors_most = 0xff000000;

// Virtual PC goes by the geometry, which rounds the size; these write the exact one.
static bool size_is_exact(const unsigned char *footer)
{
	static const char creators[][5] = {"win ", "qem2", "d2v ", "tap\0", "CTXS"};

	for (size_t i = 0; i < sizeof(creators) / sizeof(*creators); i++)
		if (memcmp(footer + 28, creators[i], 4) == 0)
			return true;
	return false;
}

static unsigned long long sectors(const unsigned char *footer)
{
	unsigned long long geometry =
		(unsigned long long)bytes_be16(footer + 56) * footer[58] * footer[59];

	if (size_is_exact(footer) || geometry == GEOMETRY_MOST)
		return bytes_be64(footer + 48) / 512;
	return geometry;
}

// The dynamic header tells the size of the blocks.
static int read_dynamic(const struct source *source, const unsigned char *footer,
			struct image *image, struct error *err)
{
	unsigned char header[1024];
	unsigned block;

	if (source_read(source, bytes_be64(footer + 16), header, sizeof(header), err) < 0)
		return -1;
	if (memcmp(header, "cxsparse", 8) != 0)
		return error_set(err, STATUS_FAILED, "its dynamic header is missing");
	block = bytes_be32(header + 32);
	if (block < 512 || block & (block - 1))
		return error_set(err, STATUS_FAILED, "impossible size of its blocks: %u", block);
	image->cluster_size = block;
	return 0;
}

int vhd_read(const struct source *source, const unsigned char *head, struct image *image,
	     struct error *err)
{
	unsigned char footer[FOOTER];
	unsigned type;

	memcpy(footer, head, FOOTER);
	// A fixed image has no copy of the footer at its start.
	if (memcmp(footer, "conectix", 8) != 0) {
		if (source->size < FOOTER)
			return error_set(err, STATUS_FAILED, "it is too short for a footer");
		if (source_read(source, source->size - FOOTER, footer, FOOTER, err) < 0)
			return -1;
		if (memcmp(footer, "conectix", 8) != 0)
			return error_set(err, STATUS_FAILED, "its footer is missing");
	}
	type = bytes_be32(footer + 60);
	if (type != FIXED && type != DYNAMIC)
		return error_set(err, STATUS_FAILED, "unknown type %u", type);
	if (type == DYNAMIC && read_dynamic(source, footer, image, err) < 0)
		return -1;
	if (sectors(footer) > sectors_most)
		return error_set(err, STATUS_FAILED, "impossible size: %llu sectors",
				 sectors(footer));
	image->virtual_size = sectors(footer) * 512;
	return 0;
}
