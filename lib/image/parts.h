// SPDX-License-Identifier: GPL-3.0-or-later
// The local files that an image consists of: those of its chain, and those in which they keep their
// data (data files of qcow2, extents of VMDK).
#pragma once

#include <stdbool.h>

struct chain;
struct image;
struct list;

// Adds the files of IMAGE alone, read from PATH: that first, then those in which it keeps its data,
// as they are named relative to where we are. What only QEMU could open, and what is added already,
// is left out.
void parts_of_image(const char *path, const struct image *image, struct list *paths);

// Adds the files that a name such as json:{"file": {"filename": "a.raw"}} has in it.
void parts_of_name(const char *name, struct list *paths);

// Adds those of all images of a chain, and of what its end names in JSON.
void parts_of_chain(const struct chain *chain, struct list *paths);

// Adds those of the image PATH and all that it stands on, as far as it can be read; itself in any
// case. FORMAT as for image_read().
void parts_find(const char *path, const char *format, struct list *paths);

// Whether FILE is where a header of IMAGE may send whoever opens it without being told: in the
// directory of the image, or below that.
bool parts_is_near(const char *image, const char *file);

// Whether FILE is where the host has its own files, and no images.
bool parts_is_of_system(const char *file);
