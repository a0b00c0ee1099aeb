// SPDX-License-Identifier: GPL-3.0-or-later
// An image and the backing files that it needs, from the top down.
#pragma once

#include <stddef.h>

#include "image/image.h"

struct chain_link {
	char *path;
	struct image image;
};

struct chain {
	struct chain_link *links; // [0] is the image itself
	size_t count;
	const char *remote; // what only QEMU could open below the last one, lent from it; else NULL
};

// Follows backing files as far as they are local. Fails where one cannot be read, and where the
// chain comes back to a file or is senselessly long. FORMAT as for image_read().
int chain_read(const char *path, const char *format, struct chain *chain, struct error *err);
void chain_clear(struct chain *chain);
#define auto_chain __attribute__((cleanup(chain_clear)))
