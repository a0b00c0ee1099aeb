// SPDX-License-Identifier: GPL-3.0-or-later
// An image that is to be fetched, and what it can be trusted by.
#pragma once

#include <stdbool.h>

struct call;
struct error;

// What is wanted, and where it is to be.
struct wanted {
	char *url, *sums_url;                // the latter NULL where no checksums are published
	const char *file;                    // the last part of the URL, lent from it
	char *checksum;                      // NULL until it is known
	char *cache;                         // directory
	int directory;                       // the same, open; -1: there is none
	char *name;                          // in it
	char *path;                          // of it
	bool cached;                         // it was there
	bool is_signed;                      // its checksum is, and the signature was verified
	const struct catalogue_entry *entry; // NULL: none of the catalogue
};
#define WANTED_NONE                                                                                \
	{                                                                                          \
		.directory = -1                                                                    \
	}

// The checksum, as it was given or is published, with the signature that the distribution has made
// of it where its keys are installed. Without the network it stays unknown.
int wanted_find_checksum(struct call *call, struct wanted *wanted, struct error *err);

void wanted_clear(struct wanted *wanted);
#define auto_wanted __attribute__((cleanup(wanted_clear)))
