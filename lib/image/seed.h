// SPDX-License-Identifier: GPL-3.0-or-later
// Seeds: the small ISO images from which cloud-init takes what a guest is to become at its first
// boot (its NoCloud data source: a volume called "cidata" with these files).
#pragma once

#include <stdbool.h>

struct error;

struct seed {
	const char *user_data, *meta_data; // the files' content
	const char *network_config;        // NULL for none
	const char *vendor_data;           // NULL for none
};

// Makes PATH, readable by its owner only since it may hold secrets; an existing file is replaced
// only with REPLACE. STATUS_NOT_FOUND where there is neither xorriso nor genisoimage.
int seed_write(const char *path, bool replace, const struct seed *seed, struct error *err);

// A file in the top directory of an image.
struct seed_file {
	const char *name, *content; // no content: the file is left out
};

// The same for any files (up to one whose name is NULL) on a volume of this name.
int seed_write_files(const char *path, bool replace, const char *volume,
		     const struct seed_file *files, struct error *err);
