// SPDX-License-Identifier: GPL-3.0-or-later
// A disk of a guest: what its XML says of its source, and what `--disk` wishes that no XML holds.
#pragma once

#include <stdbool.h>

struct xml_element;

// What has to happen before the guest can start. The source itself stands in the XML.
struct disk_wish {
	struct xml_element *element; // lent by the guest's XML
	char *path;                  // as it was typed; moves to the XML
	char *pool;                  // a volume of this pool is meant,
	char *volume;                // this one; NULL: a new one with a name of its own
	unsigned long long size;     // bytes of the disk that is to be made, 0: it is there
	unsigned long long filled;   // bytes that are written to it at once
	bool sparse;
	char *format; // asked for, or found out
	char *backing_store;
	char *backing_format;
	bool installs; // the guest is installed from it
	bool seeds;    // it tells the guest what to become at its first boot
	bool answers;  // it tells the installer what that would ask
	bool placed;   // the source in the XML is what path= says, not what source.*= does
	bool told;     // driver.type= says the format, whatever was found out
	bool resolved; // what its source is was found out
	bool block;    // it is a block device
};

void disk_wish_clear(struct disk_wish *wish);

// Where the guest's data is, as the XML of its disk says; fields are NULL where it does not.
struct disk_source {
	char *type; // "file", "block", "volume", "network", "dir", "nvme"
	char *path; // a file, device or directory
	char *pool; // and volume
	char *volume;
	char *protocol; // of the network
};

// The caller clears it. An empty drive has nothing but perhaps a type.
void disk_source_read(const struct xml_element *disk, struct disk_source *source);
void disk_source_clear(struct disk_source *source);
#define auto_disk_source __attribute__((cleanup(disk_source_clear)))

// Makes PATH the source, as a file, block device or directory; what TYPE says of it, if not NULL.
void disk_source_set(struct xml_element *disk, const char *path, const char *type);

// A URL such as nbd+unix:///run/a.socket or http://host:80/a?b, in libvirt's terms. False where it
// is none.
bool disk_source_set_url(struct xml_element *disk, const char *url);
