// SPDX-License-Identifier: GPL-3.0-or-later
// Where fetched images are kept, and what they are called there.
#pragma once

struct error;

// GIVEN, or with NULL where such things are kept: the system's for root, else the user's own; the
// caller's.
char *image_cache_directory(const char *given);

// Makes it with the directories above it. Guests' QEMU has to get at the images: anybody may read.
int image_cache_make(const char *path, struct error *err);

// "debian-12-genericcloud-amd64-0123456789ab.qcow2": what a distribution publishes under one name
// changes, and overlays of the old one need it as it was. With NULL for CHECKSUM the name as it is.
// The caller's.
char *image_cache_name(const char *file, const char *checksum);

// The youngest file in CACHE that could be FILE, where the checksum cannot be had; the caller's,
// NULL for none.
char *image_cache_find(const char *cache, const char *file);
