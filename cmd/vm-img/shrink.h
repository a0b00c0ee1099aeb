// SPDX-License-Identifier: GPL-3.0-or-later
// Disks that become smaller.
#pragma once

struct call;
struct error;
struct operand;

// Finds the size of a disk whose header is not read here: qemu-img is asked.
int shrink_find_size(struct call *call, struct operand *operand, struct error *err);

// Where making the disk SIZE bytes long would shrink it, that is refused without --shrink; with it,
// it asks, or wants --yes, if data would be lost.
int shrink_check(struct call *call, const struct operand *operand, unsigned long long size,
		 struct error *err);
