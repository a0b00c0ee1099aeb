// SPDX-License-Identifier: GPL-3.0-or-later
// Disks that become smaller.
#pragma once

struct call;
struct error;
struct operand;

// Asks, or wants --yes, where making the disk SIZE bytes long would lose data.
int shrink_confirm(struct call *call, const struct operand *operand, unsigned long long size,
		   struct error *err);
