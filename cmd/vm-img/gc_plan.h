// SPDX-License-Identifier: GPL-3.0-or-later
// Which images of a collection may be put away, and what has become of each.
#pragma once

#include <stddef.h>

struct collection;

// An image that goes, or has come back.
struct gc_image {
	char *path, *name, *format;
	unsigned long long size; // bytes that it takes
	const char *state;       // "unused", "trash", "kept", "back"
	char *reason;            // why it was kept; NULL
};

struct gc_plan {
	char *directory;
	struct gc_image *all; // what stands on another one before that
	size_t count;
};

// Plans for the images of the first place of COLLECTION, whose users are known.
void gc_plan_make(const struct collection *collection, struct gc_plan *plan);

// Hands IMAGE over to the plan.
void gc_plan_add(struct gc_plan *plan, struct gc_image image);

// The list that --undo reads, and people; the caller's.
char *gc_plan_text(const struct gc_plan *plan);

void gc_plan_clear(struct gc_plan *plan);
#define auto_gc_plan __attribute__((cleanup(gc_plan_clear)))
