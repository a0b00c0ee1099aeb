// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a qcow2 image and the tables it points to; for lib/image only. The format is that
// of docs/interop/qcow2.txt of QEMU; all its numbers are big-endian.
#pragma once

struct error;
struct json;
struct source;

enum {
	QCOW2_HEADER_V2 = 72, // bytes
	QCOW2_HEADER_V3 = 104,
	QCOW2_NAME_MOST = 1023, // bytes of the backing file's name
};

enum qcow2_extension {
	QCOW2_BACKING_FORMAT = 0xe2792aca,
	QCOW2_FEATURE_NAMES = 0x6803f857,
	QCOW2_BITMAPS = 0x23852875,
	QCOW2_ENCRYPTION = 0x0537be77,
	QCOW2_DATA_FILE = 0x44415441,
};

enum qcow2_incompatible {
	QCOW2_DIRTY = 1,
	QCOW2_CORRUPT = 2,
	QCOW2_HAS_DATA_FILE = 4,
	QCOW2_HAS_COMPRESSION = 8,
	QCOW2_EXTENDED_L2 = 16,
	QCOW2_KNOWN = 31,
};

struct qcow2 {
	const struct source *source;
	unsigned version, cluster_bits, encryption, refcount_order, compression;
	unsigned long long incompatible, compatible, autoclear;
	unsigned long long size; // of the virtual disk
	unsigned long long backing_offset, snapshots_offset;
	unsigned backing_length, l1_entries, snapshots, length; // the last: of the header

	// From the extensions behind the header.
	char *backing_format, *data_file;
	unsigned bitmaps;
	unsigned long long bitmaps_offset, bitmaps_length; // of their directory
	unsigned long long encryption_offset;              // 0: no such extension
};

// The internal snapshots and the bitmaps as arrays with qemu-img's keys; NULL on failure.
struct json *qcow2_snapshots(const struct qcow2 *qcow2, struct error *err);
struct json *qcow2_bitmaps(const struct qcow2 *qcow2, struct error *err);

// "WHAT: VALUE" as the reason why an image is refused.
int qcow2_broken(struct error *err, const char *what, unsigned long long value);
