// SPDX-License-Identifier: GPL-3.0-or-later
// What an image file is, read from its header alone: without a child process, within bounds, and
// never following what the header names.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;
struct json;

struct image {
	const char *format;              // as QEMU names it: IMAGE_RAW, "vpc", ...
	unsigned long long virtual_size; // bytes, as a guest sees it
	unsigned long long file_size;    // bytes, with the holes
	unsigned long long allocated;    // bytes of disk that the file takes
	unsigned long long cluster_size; // 0 where the format has none
	char *backing_file;              // as it is recorded; NULL for none
	char *backing_format;            // the same; NULL where it is left to guessing
	bool encrypted;
	bool dirty;   // not closed properly: QEMU repairs it when it opens it
	bool iso;     // an ISO 9660 image, which is raw to QEMU
	bool plain;   // raw, and neither content nor name looks like those of a disk
	bool opaque;  // of a format whose header is not read here: only the sizes of the file are
		      // known
	bool probed;  // the content told the format, not the caller
	bool outline; // only what image_read_outline() reads is filled in
	bool block;   // a block device
	dev_t device; // with the inode: which file it is
	ino_t inode;
	// Facts of the format and internal snapshots with qemu-img's keys (QAPI ImageInfoSpecific*
	// and SnapshotInfo); NULL where there are none.
	struct json *details;
	struct json *snapshots;
};

// Reads the header of PATH, as FORMAT or, with NULL, as its first bytes tell. A raw image tells
// nothing: what its guest wrote there decides, so whoever knows the format should say it.
int image_read(const char *path, const char *format, struct image *image, struct error *err);

// The same without the tables that the header points to, such as snapshots: whether those are sound
// does not matter, and nothing of them is known.
int image_read_outline(const char *path, const char *format, struct image *image,
		       struct error *err);
void image_clear(struct image *image);
#define auto_image __attribute__((cleanup(image_clear)))

// The formats that have a part of their own, as QEMU names them; the others are rows of image.c.
#define IMAGE_RAW "raw"
#define IMAGE_QCOW2 "qcow2"

// What is special about a format.
enum image_trait {
	IMAGE_SEVERAL = 1,  // an image may be several files, or one with its own name in it
	IMAGE_MEASURED = 2, // qemu-img knows how it grows
};
bool image_format_has(const char *format, enum image_trait trait);

// Whether the file NAME ends as those of the format do: then somebody meant it to be of that.
bool image_format_fits(const char *format, const char *name);

// Whether there is one of that name.
bool image_format_known(const char *format);

// The names of the formats, in QEMU's order of probing; NULL behind the last.
const char *image_format_name(size_t index);
