// SPDX-License-Identifier: GPL-3.0-or-later
// The header of qcow, the first version: block/qcow.c of QEMU describes it. Numbers are big-endian.
#include <limits.h>
#include <stdint.h>

#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"

enum { NAME_MOST = 1023, AES = 1 };

int qcow_read(const struct source *source, const unsigned char *head, struct image *image,
	      struct error *err)
{
	unsigned long long name = bytes_be64(head + 8), size = bytes_be64(head + 24);
	unsigned length = bytes_be32(head + 16), encryption = bytes_be32(head + 36);
	unsigned cluster_bits = head[32], l2_bits = head[33];
	unsigned long long served; // bytes of the disk, by each entry of the L1 table

	if (bytes_be32(head) != 0x514649fb || bytes_be32(head + 4) != 1)
		return error_set(err, STATUS_FAILED, "the magic number is missing");
	if (size <= 1)
		return error_set(err, STATUS_FAILED, "impossible size of the disk: %llu", size);
	if (cluster_bits < 9 || cluster_bits > 16)
		return error_set(err, STATUS_FAILED, "impossible number of cluster bits: %u",
				 cluster_bits);
	if (l2_bits < 9 - 3 || l2_bits > 16 - 3)
		return error_set(err, STATUS_FAILED, "impossible number of bits of L2 tables: %u",
				 l2_bits);
	served = 1ULL << (cluster_bits + l2_bits);
	if (size > UINT64_MAX - served || (size + served - 1) / served > INT_MAX / 8)
		return error_set(err, STATUS_FAILED, "impossible size of the disk: %llu", size);
	if (encryption > AES)
		return error_set(err, STATUS_FAILED, "unknown encryption: %u", encryption);
	image->virtual_size = size / 512 * 512;
	image->cluster_size = 1U << cluster_bits;
	image->encrypted = encryption;
	if (!name)
		return 0;
	image->backing_file = source_read_new(source, name, length, NAME_MOST, err);
	return image->backing_file ? 0 : -1;
}
