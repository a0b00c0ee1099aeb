// SPDX-License-Identifier: GPL-3.0-or-later
// The names of images: local files, and what only QEMU can open.
#pragma once

#include <stdbool.h>

// Whether NAME is for QEMU's protocols: "nbd://...", "json:{...}", "driver:...". By QEMU's rule
// that is a name with a colon before any slash.
bool path_is_remote(const char *name);

// The file that NAME, as a header records it, means in the header of IMAGE: relative to IMAGE's
// directory. The caller's; a name for a protocol is given back as it is.
char *path_beside(const char *image, const char *name);

// NAME so that qemu-img takes it for a file, whatever characters it begins with; the caller's.
char *path_for_qemu(const char *name);
