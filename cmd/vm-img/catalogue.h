// SPDX-License-Identifier: GPL-3.0-or-later
// The cloud images that distributions publish, and where their checksums stand.
#pragma once

#include <stddef.h>

struct error;

struct catalogue_entry {
	const char *name, *title;
	// "@r@" is the architecture as RPM has it (x86_64), "@d@" as Debian has it (amd64).
	const char *directory; // a URL ending in "/"
	const char *file;
	const char *sums; // the file of checksums in the same directory
	const char *user; // whom the image lets in
	// The signature of the checksums, beside them, and the file of keys that a package
	// installs; NULL where none is published.
	const char *signature, *keyring, *package;
};

extern const struct catalogue_entry catalogue[]; // ends with a NULL name

// NULL where there is none of that name.
const struct catalogue_entry *catalogue_find(const char *name);

// PATTERN with the architecture filled in, the caller's. ARCHITECTURE is that of uname().
char *catalogue_fill(const char *pattern, const char *architecture);
