// SPDX-License-Identifier: GPL-3.0-or-later
// The size of a disk as it is typed: bytes, decimal or hexadecimal, or a number with a unit of
// 1024.
#pragma once

struct error;

// What qemu-img takes, and KiB, MiB, ...; kB and MB, which may mean powers of 1000, are refused.
int image_size_parse(const char *text, unsigned long long *bytes, struct error *err);
