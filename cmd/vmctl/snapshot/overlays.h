// SPDX-License-Identifier: GPL-3.0-or-later
// The files in which a guest that is off goes on after a snapshot. libvirt before 11.10 makes them
// readable for every user of the host (CVE-2025-13193); it takes an empty file that is there,
// though, with the mode that it has.
#pragma once

#include "base/list.h"

struct call;
struct error;

struct overlays {
	struct list paths; // all of them
	struct list made;  // those that were made here
	char *xml; // of the snapshot with the name that the paths have in them; NULL: as it was
};

// Makes those of the snapshot that XML describes, of the call's guest: empty, for root alone.
// Where that is not needed, or not ours to do, nothing.
int overlays_prepare(struct call *call, const char *xml, struct overlays *overlays,
		     struct error *err);

// The snapshot came to nothing: removes what is still empty.
void overlays_take_back(const struct overlays *overlays);

// The snapshot was taken: warns of what others can read all the same.
void overlays_check(const struct call *call, const struct overlays *overlays);

void overlays_clear(struct overlays *overlays);
#define auto_overlays __attribute__((cleanup(overlays_clear)))
