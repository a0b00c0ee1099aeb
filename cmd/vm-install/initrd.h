// SPDX-License-Identifier: GPL-3.0-or-later
// Files added to an initrd: the kernel unpacks several archives that stand one behind the other.
#pragma once

struct error;
struct list;

// Appends an archive with FILES, each at its top, to the initrd at PATH.
int initrd_inject(const char *path, const struct list *files, struct error *err);
