// SPDX-License-Identifier: GPL-3.0-or-later
// The files that an image finds relative to itself: what has to be there where it is made.
#pragma once

struct list;

// Adds the names, relative to the directory of the image PATH, of all local files that QEMU would
// open for its backing file BACKING (as it is recorded; NULL for none): the chain, extents, data
// files. Those that can be found anyway, by absolute names, are left out.
void neighbours_find(const char *path, const char *backing, struct list *names);
