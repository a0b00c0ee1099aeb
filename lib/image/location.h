// SPDX-License-Identifier: GPL-3.0-or-later
// What the name of an image means, decided once: a file, a block device, or something that only
// QEMU can open.
#pragma once

#include <stdbool.h>

enum location_kind {
	LOCATION_FILE,     // there, or to be made
	LOCATION_DEVICE,   // a block device
	LOCATION_PROTOCOL, // "nbd://host/x", "rbd:pool/x", "json:{...}"
	LOCATION_SETTINGS, // of --image-opts: "driver=qcow2,file.filename=x"
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

// Whether it is a file or block device of this host.
bool location_is_local(const struct location *location);

void location_clear(struct location *location);
#define auto_location __attribute__((cleanup(location_clear)))
