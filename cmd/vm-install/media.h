// SPDX-License-Identifier: GPL-3.0-or-later
// What the guest is installed from: a CD image, or the kernel and initrd of an installation tree.
#pragma once

#include "guest/suboption.h"

struct disk_wish;
struct error;
struct guest;
struct installation;

extern const struct suboption_table location_table;

// `--cdrom PATH`: a drive with that image, which the first boot starts from.
int media_add_cdrom(struct installation *installation, const char *path, struct error *err);

// `--location TREE[,kernel=...,initrd=...]`: finds both files.
int media_find_tree(struct installation *installation, const char *text, struct error *err);

// A kernel and perhaps an initrd by their paths or URLs.
int media_use_kernel(struct installation *installation, const char *kernel, const char *initrd,
		     struct error *err);

// Copies what QEMU's user could not read of kernel and initrd to where it can, and puts the files
// that are injected into the initrd; the copies are scratch.
int media_stage(struct installation *installation, struct error *err);

// Adds a disk to the guest whose source is the raw image PATH, which is there; DEVICE is what it is
// ("cdrom"), perhaps with further sub-options. Lent by the guest; NULL on failure.
struct disk_wish *media_add_image(struct guest *guest, const char *path, const char *device,
				  struct error *err);
