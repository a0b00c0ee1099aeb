// SPDX-License-Identifier: GPL-3.0-or-later
// The header of QED: docs/interop/qed_spec.txt of QEMU. Numbers are little-endian.
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum feature { HAS_BACKING = 1, NEEDS_CHECK = 2, BACKING_IS_RAW = 4, KNOWN = 7 };
enum { NAME_MOST = 1023 };

int qed_read(const struct source *source, const unsigned char *head, struct image *image,
	     struct error *err)
{
	unsigned cluster = bytes_le32(head + 4), header = bytes_le32(head + 12);
	unsigned long long features = bytes_le64(head + 16), size = bytes_le64(head + 48);
	unsigned offset = bytes_le32(head + 56), length = bytes_le32(head + 60);

	if (memcmp(head, "QED\0", 4) != 0)
		return error_set(err, STATUS_FAILED, "the magic number is missing");
	if (cluster < 4096 || cluster > 64 << 20 || cluster & (cluster - 1))
		return error_set(err, STATUS_FAILED, "impossible size of its clusters: %u",
				 cluster);
	if (features & ~(unsigned long long)KNOWN)
		return error_set(err, STATUS_FAILED, "it needs features that are unknown here");
	if (size > INT64_MAX || size % 512)
		return error_set(err, STATUS_FAILED, "impossible size of the disk: %llu", size);
	image->virtual_size = size;
	image->cluster_size = cluster;
	image->dirty = features & NEEDS_CHECK;
	if (!(features & HAS_BACKING))
		return 0;
	if ((unsigned long long)offset + length > (unsigned long long)header * cluster)
		return error_set(err, STATUS_FAILED,
				 "the backing file's name is outside the header");
	image->backing_file = source_read_new(source, offset, length, NAME_MOST, err);
	if (!image->backing_file)
		return -1;
	if (features & BACKING_IS_RAW)
		image->backing_format = text_copy(IMAGE_RAW);
	return 0;
}
