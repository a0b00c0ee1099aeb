// SPDX-License-Identifier: GPL-3.0-or-later
// What the name of an image means, decided once: a file, a block device, or something that only
// QEMU can open.
#pragma once

#include <stdbool.h>

struct error;

enum location_kind {
	LOCATION_FILE,     // there, or to be made
	LOCATION_DEVICE,   // a block device
	LOCATION_PROTOCOL, // "nbd://host/x", "rbd:pool/x"
	LOCATION_JSON,     // settings as "json:{...}"
	LOCATION_SETTINGS, // settings of --image-opts: "driver=qcow2,file.filename=x"
};

struct location {
	enum location_kind kind;
	char *path; // of a file or device, without "file:"; NULL otherwise
	char *word; // as qemu-img takes it, which takes no file for an option or a protocol
	bool exists;
};

// By QEMU's rule a name with a colon before any slash is for a protocol. "file:" is that of local
// files, and a file that has such a name is that file. With SETTINGS it is a list of them.
void location_find(const char *name, bool settings, struct location *location);

// The same where only a file or block device of this host will do, there or to be made. Fails with
// STATUS_USAGE for anything else.
int location_find_local(const char *name, struct location *location, struct error *err);

// What NAME, as the header of the image PATH records it, means: a file is relative to that image's
// directory.
void location_beside(const char *path, const char *name, struct location *location);

// Whether it is a file or block device of this host.
bool location_is_local(const struct location *location);

void location_clear(struct location *location);
#define auto_location __attribute__((cleanup(location_clear)))
