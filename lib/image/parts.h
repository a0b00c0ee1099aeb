// SPDX-License-Identifier: GPL-3.0-or-later
// The local files that an image consists of: those of its chain, and those in which they keep their
// data (data files of qcow2, extents of VMDK).
#pragma once

struct chain_link;
struct list;

// Adds the files of one image of a chain, itself first, as they are named relative to where we are.
// What only QEMU could open, and what is added already, is left out.
void parts_of_link(const struct chain_link *link, struct list *paths);

// Adds those of the image PATH and all that it stands on, as far as it can be read; itself in any
// case. FORMAT as for image_read().
void parts_find(const char *path, const char *format, struct list *paths);
