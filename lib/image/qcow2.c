// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/qcow2.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"
#include "output/json.h"

enum { EXTENSIONS_MOST = 64, SNAPSHOTS_MOST = 65536 };

int qcow2_broken(struct error *err, const char *what, unsigned long long value)
{
	return error_set(err, STATUS_FAILED, "%s: %llu", what, value);
}

static struct qcow2 parse_header(const struct source *source, const unsigned char *head)
{
	struct qcow2 qcow2 = {
		.source = source,
		.version = bytes_be32(head + 4),
		.backing_offset = bytes_be64(head + 8),
		.backing_length = bytes_be32(head + 16),
		.cluster_bits = bytes_be32(head + 20),
		.size = bytes_be64(head + 24),
		.encryption = bytes_be32(head + 32),
		.l1_entries = bytes_be32(head + 36),
		.snapshots = bytes_be32(head + 60),
		.snapshots_offset = bytes_be64(head + 64),
		.refcount_order = 4,
		.length = QCOW2_HEADER_V2,
	};

	if (qcow2.version < 3)
		return qcow2;
	qcow2.incompatible = bytes_be64(head + 72);
	qcow2.compatible = bytes_be64(head + 80);
	qcow2.autoclear = bytes_be64(head + 88);
	qcow2.refcount_order = bytes_be32(head + 96);
	qcow2.length = bytes_be32(head + 100);
	if (qcow2.length > QCOW2_HEADER_V3)
		qcow2.compression = head[QCOW2_HEADER_V3];
	return qcow2;
}

// QEMU opens none whose first table does not reach as far as the disk.
static bool reaches(const struct qcow2 *qcow2)
{
	unsigned entry_bits = qcow2->incompatible & QCOW2_EXTENDED_L2 ? 4 : 3;
	unsigned bits = 2 * qcow2->cluster_bits - entry_bits; // of the disk, for each entry of it

	return qcow2->l1_entries >= (qcow2->size >> bits) + (qcow2->size % (1ULL << bits) != 0);
}

static int check_header(const struct qcow2 *qcow2, bool outline, struct error *err)
{
	unsigned long long unknown = qcow2->incompatible & ~(unsigned long long)QCOW2_KNOWN;
	bool compression_told = qcow2->incompatible & QCOW2_HAS_COMPRESSION;

	if (qcow2->version > 3)
		return qcow2_broken(err, "unknown version", qcow2->version);
	if (qcow2->cluster_bits < 9 || qcow2->cluster_bits > 21)
		return qcow2_broken(err, "impossible number of cluster bits", qcow2->cluster_bits);
	if ((qcow2->version == 3 && qcow2->length < QCOW2_HEADER_V3) ||
	    qcow2->length > 1U << qcow2->cluster_bits)
		return qcow2_broken(err, "impossible length of the header", qcow2->length);
	if (unknown)
		return qcow2_broken(err, "it needs features that are unknown here, bits", unknown);
	if (qcow2->encryption > 2)
		return qcow2_broken(err, "unknown encryption", qcow2->encryption);
	if (qcow2->refcount_order > 6)
		return qcow2_broken(err, "impossible width of reference counts, bits 2 to the",
				    qcow2->refcount_order);
	if (compression_told != (qcow2->compression != 0) || qcow2->compression > 1)
		return qcow2_broken(err, "unknown compression", qcow2->compression);
	if (!outline && qcow2->snapshots > SNAPSHOTS_MOST)
		return qcow2_broken(err, "too many snapshots", qcow2->snapshots);
	if (qcow2->size > INT64_MAX)
		return qcow2_broken(err, "impossible size of the disk", qcow2->size);
	if (!outline && !reaches(qcow2))
		return qcow2_broken(err, "its L1 table is too small, entries", qcow2->l1_entries);
	return 0;
}

static int read_extension(struct qcow2 *qcow2, unsigned long long offset, const char *frame,
			  struct error *err)
{
	unsigned type = bytes_be32(frame), length = bytes_be32(frame + 4);
	unsigned char data[24];
	char **string = type == QCOW2_BACKING_FORMAT ? &qcow2->backing_format
			: type == QCOW2_DATA_FILE    ? &qcow2->data_file
						     : NULL;
	size_t wanted = type == QCOW2_BITMAPS ? 24 : type == QCOW2_ENCRYPTION ? 16 : 0;

	if (string) {
		free(*string);
		*string = source_read_new(qcow2->source, offset, length, QCOW2_NAME_MOST, err);
		return *string ? 0 : -1;
	}
	if (wanted == 0 || length < wanted)
		return 0;
	if (source_read(qcow2->source, offset, data, wanted, err) < 0)
		return -1;
	if (type == QCOW2_ENCRYPTION) {
		qcow2->encryption_offset = bytes_be64(data);
	} else {
		qcow2->bitmaps = bytes_be32(data);
		qcow2->bitmaps_length = bytes_be64(data + 8);
		qcow2->bitmaps_offset = bytes_be64(data + 16);
	}
	return 0;
}

// They stand between the header and the name of the backing file, all in the first cluster.
static int read_extensions(struct qcow2 *qcow2, struct error *err)
{
	unsigned long long offset = qcow2->length, end = 1ULL << qcow2->cluster_bits;

	if (qcow2->backing_offset && qcow2->backing_offset < end)
		end = qcow2->backing_offset;
	if (end > qcow2->source->size)
		end = qcow2->source->size;
	for (int i = 0; i < EXTENSIONS_MOST && offset + 8 <= end; i++) {
		char frame[8];
		unsigned length;

		if (source_read(qcow2->source, offset, frame, sizeof(frame), err) < 0)
			return -1;
		if (bytes_be32(frame) == 0)
			break;
		length = bytes_be32(frame + 4);
		offset += sizeof(frame);
		if (length > end - offset)
			return qcow2_broken(err, "an extension of the header is too long", length);
		if (read_extension(qcow2, offset, frame, err) < 0)
			return -1;
		offset += (length + 7ULL) / 8 * 8;
	}
	return 0;
}

static int read_backing(const struct qcow2 *qcow2, struct image *image, struct error *err)
{
	unsigned long long cluster = 1ULL << qcow2->cluster_bits;

	if (qcow2->backing_offset > cluster)
		return qcow2_broken(err, "impossible place of the backing file's name",
				    qcow2->backing_offset);
	if (!qcow2->backing_offset || !qcow2->backing_length)
		return 0;
	if (qcow2->backing_length > cluster - qcow2->backing_offset)
		return qcow2_broken(err, "impossible length of the backing file's name",
				    qcow2->backing_length);
	image->backing_file = source_read_new(qcow2->source, qcow2->backing_offset,
					      qcow2->backing_length, QCOW2_NAME_MOST, err);
	return image->backing_file ? 0 : -1;
}

static struct json *encryption(const struct qcow2 *qcow2, struct error *err)
{
	struct json *facts;
	unsigned long long payload;

	if (qcow2->encryption == 1) {
		facts = json_new_object();
		json_set(facts, "format", value_text("aes"));
		return facts;
	}
	if (qcow2->encryption_offset)
		return luks_details(qcow2->source, qcow2->encryption_offset, &payload, err);
	error_set(err, STATUS_FAILED, "its LUKS header is missing");
	return NULL;
}

// The facts in the order in which qemu-img shows them. Version 2 has only some.
static int fill_details(const struct qcow2 *qcow2, bool outline, struct json *details,
			struct error *err)
{
	bool old = qcow2->version == 2;
	struct json *part;

	json_set(details, "compat", value_text(old ? "0.10" : "1.1"));
	json_set(details, "compression-type", value_text(qcow2->compression ? "zstd" : "zlib"));
	if (!old)
		json_set(details, "lazy-refcounts", value_boolean(qcow2->compatible & 1));
	if (!old && !outline && qcow2->bitmaps) {
		part = qcow2_bitmaps(qcow2, err);
		if (!part)
			return -1;
		json_set_json(details, "bitmaps", part);
	}
	json_set(details, "refcount-bits", value_unsigned(1ULL << qcow2->refcount_order));
	if (qcow2->incompatible & QCOW2_HAS_DATA_FILE) {
		if (qcow2->data_file)
			json_set(details, "data-file", value_text(qcow2->data_file));
		json_set(details, "data-file-raw", value_boolean(qcow2->autoclear & 2));
	}
	if (!outline && qcow2->encryption) {
		part = encryption(qcow2, err);
		if (!part)
			return -1;
		json_set_json(details, "encrypt", part);
	}
	if (!old) {
		json_set(details, "corrupt", value_boolean(qcow2->incompatible & QCOW2_CORRUPT));
		json_set(details, "extended-l2",
			 value_boolean(qcow2->incompatible & QCOW2_EXTENDED_L2));
	}
	return 0;
}

static int fill(struct qcow2 *qcow2, struct image *image, struct error *err)
{
	if (read_extensions(qcow2, err) < 0 || read_backing(qcow2, image, err) < 0)
		return -1;
	if (image->backing_file)
		image->backing_format = take(&qcow2->backing_format);
	image->virtual_size = qcow2->size;
	image->cluster_size = 1ULL << qcow2->cluster_bits;
	image->encrypted = qcow2->encryption;
	image->dirty = qcow2->incompatible & QCOW2_DIRTY;
	image->details = json_new_object();
	if (fill_details(qcow2, image->outline, image->details, err) < 0)
		return -1;
	if (!qcow2->snapshots || image->outline)
		return 0;
	image->snapshots = qcow2_snapshots(qcow2, err);
	return image->snapshots ? 0 : -1;
}

int qcow2_read(const struct source *source, const unsigned char *head, struct image *image,
	       struct error *err)
{
	struct qcow2 qcow2 = parse_header(source, head);
	int failed;

	if (memcmp(head, "QFI\xfb", 4) != 0 || qcow2.version < 2)
		return error_set(err, STATUS_FAILED, "the magic number is missing");
	failed = check_header(&qcow2, image->outline, err) < 0 || fill(&qcow2, image, err) < 0;
	free(qcow2.backing_format);
	free(qcow2.data_file);
	return failed ? -1 : 0;
}
