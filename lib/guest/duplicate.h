// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be different in the XML of a guest that is made like another one: all that must be
// nobody else's. Names and their rules are virt-clone's (virt-manager's virtinst/cloner.py).
#pragma once

#include <stdbool.h>

struct error;
struct list;
struct xml_element;

// Whether a name or path is somebody's already.
typedef bool (*duplicate_taken)(void *data, const char *name);

// The name of a clone of ORIGINAL: web-clone, web-clone1, ...; the caller's.
char *duplicate_name(const char *original, duplicate_taken taken, void *data);

// The path of the clone's file where the original has PATH: /a/web.img becomes /a/NAME.img where
// the original guest is called "web", and /a/disk.img becomes /a/disk-clone.img. TAKEN may be NULL.
// The caller's.
char *duplicate_path(const char *path, const char *original, const char *name,
		     duplicate_taken taken, void *data);

struct duplicate {
	const char *name;        // of the clone
	const char *uuid;        // NULL: a random one
	const struct list *macs; // for its network cards in their order, as far as they go
	const char *scheme;      // of the connection, for random MAC addresses (identity.h)
};

// Makes DOMAIN, a whole definition, that of the clone, but for its disks. Adds to NOTES what has
// changed beyond names and addresses, and what both guests still share, as sentences for people.
void duplicate_identity(struct xml_element *domain, const struct duplicate *duplicate,
			struct list *notes);
