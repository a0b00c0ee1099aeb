// SPDX-License-Identifier: GPL-3.0-or-later
// A document as a list of what its elements and attributes say, for programs that rarely read XML:
// libxml2 is loaded when it is first needed, which takes longer than all the rest of them.
#pragma once

#include "base/list.h"

struct error;

// "/domain/devices/disk[2]/source@file" and its value; the first of its name is [1].
struct flat {
	struct list paths, values; // as many
};

// Reads TEXT without network or entities. WHAT names it in messages.
int flat_read(struct flat *flat, const char *text, const char *what, struct error *err);

// What stands at PATH, where an element without a number is the first: lent, NULL for nothing.
const char *flat_get(const struct flat *flat, const char *path);

// The number of elements of this name and place.
size_t flat_count(const struct flat *flat, const char *path);

void flat_clear(struct flat *flat);
#define auto_flat __attribute__((cleanup(flat_clear)))
