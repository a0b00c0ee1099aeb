// SPDX-License-Identifier: GPL-3.0-or-later
// The disks of a guest that is made like another one: which are copied, to where and how, and
// copying them. What is made is the storage's to take back.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

#include "image/sparse.h"

struct error;
struct list;
struct storage;
struct xml_element;

enum copy_action {
	COPY_CLONE,    // the clone gets a copy
	COPY_SHARE,    // both have the same
	COPY_PRESERVE, // the clone gets what is there already
};

enum copy_method {
	METHOD_NONE,     // nothing is copied
	METHOD_LOCAL,    // the first of the next two that can be done
	METHOD_REFLINK,  // the file system shares the blocks until one of the two writes
	METHOD_COPY,     // all of the data
	METHOD_OVERLAY,  // an image that stands on the original's
	METHOD_VOLUME,   // libvirt makes a volume from the original's
	METHOD_BACKUP,   // of a running guest, as it was at one moment
	METHOD_SNAPSHOT, // what an internal snapshot holds
};

// One disk, or the NVRAM.
struct copy {
	struct xml_element *element; // of the disk in the clone's XML, lent; NULL: the NVRAM
	char *target;                // "vda"; NULL for the NVRAM
	char *source;                // path of the original's; NULL: the drive is empty
	char *format;                // of that
	char *backing;               // what it stands on; NULL: nothing, or not known
	char *problem;               // why it cannot be cloned; NULL: it can
	const char *share_reason;    // why it is shared unless asked otherwise; NULL: it is not
	virStorageVolPtr volume;     // what a pool knows it as; NULL: none does
	unsigned long long capacity; // bytes, as the guest sees it
	unsigned long long allocated;
	bool readable; // the caller can read it itself
	enum copy_action action;
	char *path;    // of the clone's
	bool replaces; // what is there already
	enum copy_method method;
};

enum copy_reflink { REFLINK_AUTO, REFLINK_ALWAYS, REFLINK_NEVER };

struct copying {
	struct storage *storage; // whose guest is the clone; lent
	const char *original;    // name of the original. Lent
	bool sparse;
	enum copy_reflink reflink;
	bool overlay;
	bool running;         // the original runs: its disks are only planned, a backup fills them
	const char *snapshot; // the internal one whose content is meant; NULL: the present
	struct copy *copies;
	size_t count;
	struct sparse_listener listener; // hears how much of all is done
	unsigned long long heard;        // of the copies that are complete
};

// Looks at all disks of the storage's guest, whose XML is that of the original still.
void copying_read(struct copying *copying);

// Sets where the clone's disk is: at PATH, or with NULL at a path of its own. What cannot be is an
// error.
int copy_place(struct copying *copying, struct copy *copy, const char *path, struct error *err);

// The same for the NVRAM, where the guest has one, whose content is copied unless PRESERVE.
int copying_place_nvram(struct copying *copying, const char *path, bool preserve,
			struct error *err);

// Decides how each is copied.
int copying_choose(struct copying *copying, struct error *err);

// Bytes that will have to be copied, as far as that is known.
unsigned long long copying_total(const struct copying *copying);

// Makes all copies; with `running` only empty disks of the right size, and the NVRAM.
int copying_make(struct copying *copying, struct error *err);

// "reflink", "copy", ...; NULL for METHOD_NONE.
const char *copy_method_name(enum copy_method method);

void copying_clear(struct copying *copying);
#define auto_copying __attribute__((cleanup(copying_clear)))
