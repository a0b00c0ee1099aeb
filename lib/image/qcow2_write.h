// SPDX-License-Identifier: GPL-3.0-or-later
// An empty qcow2 image, written without qemu-img: the same bytes that it would write.
#pragma once

#include <stdbool.h>

struct error;
struct settings;

struct qcow2_plan {
	unsigned long long size;    // of the virtual disk, bytes
	const char *backing_file;   // NULL for none
	const char *backing_format; // likewise
	unsigned cluster_bits, refcount_order;
	bool old, lazy_refcounts, extended_l2, zstd;
};

// Takes what SETTINGS ask for. False where they ask for what only qemu-img writes, or what it
// should refuse.
bool qcow2_plan(const struct settings *settings, struct qcow2_plan *plan);

// Writes the image to FD, an empty file. 1: only qemu-img can, and nothing is written.
int qcow2_write(int fd, const struct qcow2_plan *plan, struct error *err);
