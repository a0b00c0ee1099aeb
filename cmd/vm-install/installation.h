// SPDX-License-Identifier: GPL-3.0-or-later
// One run of vm-install: what it works with, and what it must take away again if it fails.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct call;
struct error;
struct guest;
struct host;
struct os;

// Something that this run has made.
struct made {
	char *path;              // a file
	virStorageVolPtr volume; // or a volume
	virStoragePoolPtr pool;  // or a pool
	virDomainPtr domain;     // or the guest
};

// What --check asks for; all are on unless it says otherwise.
struct checks {
	bool path_in_use;
	bool disk_size;
	bool path_exists;
	bool mac_in_use;
};

struct installation {
	struct call *call;
	virConnectPtr connection;
	struct host *host;
	struct os *os;
	struct guest *guest;
	char *name;
	struct checks checks;
	struct made *made;
	size_t made_count;
	struct list scratch; // files that only the first boot needs
	bool local;          // the connection is to this machine's daemon: paths are ours
	bool planned;        // for a host that files describe: nothing can be made there
};

void installation_clear(struct installation *installation);
#define auto_installation __attribute__((cleanup(installation_clear)))

// Notes what was made; the installation owns it from now on.
void installation_made(struct installation *installation, struct made made);

// Takes away all that was made, the last first.
void installation_undo(struct installation *installation);

// Says something that is odd but no failure of a check that is on; else it is the error. HINT names
// the check that turns it off.
int installation_object(struct installation *installation, bool check, const char *name,
			struct error *err);
