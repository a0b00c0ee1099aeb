// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a header names and that are not where images have their files.
#pragma once

#include <stdbool.h>

struct call;
struct error;
struct image;

// Whether --yes says that they are meant.
bool far_files_are_meant(const struct call *call);

// Refused, unless they are meant, where IMAGE, read from PATH, or an
// image below it, names as the place of its data, or within json:, a file that is not in its own
// directory or below that; or as its backing file one of those that hold what runs the host.
int far_files_check(struct call *call, const char *path, const struct image *image,
		    struct error *err);
