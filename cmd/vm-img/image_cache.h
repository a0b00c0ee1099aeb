// SPDX-License-Identifier: GPL-3.0-or-later
// Where fetched images are kept, and what they are called there.
#pragma once

#include <stdbool.h>

struct error;

// GIVEN, or with NULL where such things are kept: the system's for root, else the user's own; the
// caller's.
char *image_cache_directory(const char *given);

// Opens it; with MAKE it is made, with the directories above it. Guests' QEMU has to get at the
// images: anybody may read, but only root and we may put something into it. A descriptor; -1 on
// failure.
int image_cache_open(const char *path, bool make, struct error *err);

// A file NAME in CACHE (a descriptor) that only root or we can have written, open to read; with
// PART one of our own to be written, which is made. -1: there is none, or it is somebody else's.
int image_cache_file(int cache, const char *name, bool part, struct error *err);

// Records that the file NAME, open as FD, was found to have CHECKSUM; and whether that still holds:
// nothing can have changed it since.
void image_cache_record(int cache, const char *name, int fd, const char *checksum);
bool image_cache_is_recorded(int cache, const char *name, int fd, const char *checksum);

// "debian-12-genericcloud-amd64-0123456789ab.qcow2": what a distribution publishes under one name
// changes, and overlays of the old one need it as it was. With NULL for CHECKSUM the name as it is.
// The caller's.
char *image_cache_name(const char *file, const char *checksum);

// The name of the youngest file in CACHE that could be FILE, where the checksum cannot be had, and
// the checksum that was recorded of it; the caller's, NULL for none.
char *image_cache_find(int cache, const char *file, char **checksum);
