// SPDX-License-Identifier: GPL-3.0-or-later
// What counts of a host when guests move between hosts.
#pragma once

#include "base/list.h"

struct error;
struct json;

struct profile {
	char *name; // as it was called
	char *architecture;
	char *vendor, *cpu;            // NULL where nothing tells
	char *flags;                   // " a b c ", in the kernel's words
	char *kernel, *qemu, *libvirt; // versions; NULL where nothing tells
	char *accelerator;             // "kvm", "tcg", "unknown"
	struct list machine_types;
};

// Of this machine (PATH NULL) or a recorded one.
int profile_look(struct profile *profile, const char *name, const char *path, struct error *err);

// Those in a document that `kvm-check compare --json` has written; they are added to *PROFILES.
int profile_read(const char *text, const char *what, struct profile **profiles, size_t *count,
		 struct error *err);

void profile_clear(struct profile *profile);
