// SPDX-License-Identifier: GPL-3.0-or-later
// The readers of the formats, for image.c: each fills in what the header tells. HEAD holds the
// first FORMATS_HEAD bytes of the file, zeroes behind its end.
#pragma once

struct error;
struct image;
struct json;
struct source;

enum { FORMATS_HEAD = 2048 };

typedef int formats_reader(const struct source *source, const unsigned char *head,
			   struct image *image, struct error *err);

formats_reader qcow2_read, qcow_read, luks_read, vmdk_read, vdi_read, vhd_read, vhdx_read, qed_read,
	raw_read;

// The facts of a LUKS header at OFFSET, with *PAYLOAD the bytes before the data; NULL on failure.
struct json *luks_details(const struct source *source, unsigned long long offset,
			  unsigned long long *payload, struct error *err);
