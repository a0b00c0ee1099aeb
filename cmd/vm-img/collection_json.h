// SPDX-License-Identifier: GPL-3.0-or-later
// An image of a collection as JSON: the same keys in `list` and `tree`.
#pragma once

#include <stddef.h>

#include "output/field.h"

struct json;
struct collection;

// The results of commands that list images: what collection_json() tells, and in a tree what stands
// on them.
extern const struct field collection_results[];

// The caller's.
struct json *collection_json(const struct collection *collection, size_t index);

// The file below it that cannot be read, lent; NULL where all can.
const char *collection_damage(const struct collection *collection, size_t index);

// What may be done with it, in one word: used, needed (backing file of something that is used),
// part (of another image), base (backing file of something unused), other (not like an image),
// unused, unknown (not all users are known).
const char *collection_verdict(const struct collection *collection, size_t index);
