// SPDX-License-Identifier: GPL-3.0-or-later
// The disks of the guest: what is there already, what has to be made, and making it.
#pragma once

struct error;
struct guest_disk;
struct installation;

// Finds out what the disk is made of: an existing volume or file, with its format, or a new one,
// which is only planned. What is missing or in the way is an error.
int storage_resolve(struct installation *installation, struct guest_disk *disk, struct error *err);

// Whether there is room for what is planned.
int storage_check_size(struct installation *installation, const struct guest_disk *disk,
		       struct error *err);

// Makes what is planned.
int storage_create(struct installation *installation, struct guest_disk *disk, struct error *err);
