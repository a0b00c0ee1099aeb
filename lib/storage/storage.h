// SPDX-License-Identifier: GPL-3.0-or-later
// The disks and volumes of a guest: what is there already, what has to be made, making it, and
// taking it back. For everything that gives guests disks: vm-install, modify, clone.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;
struct disk_source;
struct disk_wish;
struct guest;
struct suboption_table;
struct xml;
struct xml_element;

// Which checks are errors; the others only warn.
struct storage_checks {
	bool path_in_use;
	bool disk_size;
	bool path_exists;
	bool mac_in_use;
};

// The sub-options of --check.
extern const struct suboption_table storage_check_table;

// Reads all values of --check; what they leave out is on.
int storage_checks_read(const struct list *values, struct storage_checks *checks,
			struct error *err);

// Something that was made.
struct made {
	char *path;              // a file
	char *directory;         // or a directory
	virStorageVolPtr volume; // or a volume
	virStoragePoolPtr pool;  // or a pool
};

struct storage {
	virConnectPtr connection; // lent
	struct guest *guest;      // lent; its warnings are added to
	const char *name;         // of the guest: new volumes are called after it. Lent
	bool local;               // paths are those of this machine
	bool real;                // what is planned is going to be made
	struct storage_checks checks;
	struct list planned; // POOL/VOLUME that are to be made: their names are taken
	struct made *made;
	size_t made_count;
};

void storage_clear(struct storage *storage);
#define auto_storage __attribute__((cleanup(storage_clear)))

// Finds out what each disk of the guest is made of: an existing volume or file, with its format, or
// a new one, which is only planned. What is missing is an error.
int storage_resolve(struct storage *storage, struct error *err);

// Whether there is room for what is planned, and whether other guests use what is there: their
// disks, and all that those stand on.
int storage_check(struct storage *storage, struct error *err);

// Whether the network cards of other guests have the addresses of this one's.
int storage_check_macs(struct storage *storage, struct error *err);

// Makes what is planned.
int storage_create(struct storage *storage, struct error *err);

// Notes what was made; the storage owns it from now on.
void storage_made(struct storage *storage, struct made made);

// Takes away all that was made, the last first.
void storage_undo(struct storage *storage);

// The error of a check that failed: it stays one if CHECK is on, else it becomes a warning. NAME is
// the sub-option of --check that turns it off.
int storage_object(struct storage *storage, bool check, const char *name, struct error *err);

// --- Between the files of this directory ---------------------------------------------------------

// A volume that is there: its source in the XML of the disk, its format in WISH.
int storage_read_volume(struct storage *storage, struct disk_wish *wish, virStorageVolPtr volume,
			struct error *err);

// The volume that SOURCE names, by its path or in its pool; the caller's. NULL where no pool has
// it.
virStorageVolPtr storage_find_volume(const struct storage *storage,
				     const struct disk_source *source);

// The XML of a new volume of SIZE bytes; FORMAT is NULL where volumes have none. The caller's.
struct xml *storage_volume_xml(const char *name, unsigned long long size, bool sparse,
			       const char *format);

// The active pool whose volumes are files in DIRECTORY, the caller's; NULL where there is none.
virStoragePoolPtr storage_pool_of(struct storage *storage, const char *directory);

// Puts PATH into the XML, unless that says a source itself. TYPE as for disk_source_set().
void storage_place(struct disk_wish *wish, const char *path, const char *type);

// WISH is about a volume of a pool, one that is there or one that is to be made.
int storage_resolve_volume(struct storage *storage, struct disk_wish *wish, struct error *err);

// The directory of the pool that is made where there is none called "default"; the caller's.
char *storage_default_directory(const struct storage *storage);

// Warns where QEMU's user cannot get to PATH, with the command that lets it.
void storage_warn_of_reach(struct storage *storage, const char *path);

int storage_check_in_use(struct storage *storage, struct error *err);

// Whether CHECK finds nothing in the way among the devices (NULL: it has none) of each other guest,
// whose name is OWNER.
typedef int (*storage_check_other)(struct storage *storage, const struct xml_element *devices,
				   const char *owner, struct error *err);
int storage_check_others(struct storage *storage, storage_check_other check, struct error *err);
