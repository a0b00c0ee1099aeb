// SPDX-License-Identifier: GPL-3.0-or-later
// A guest that is being put together from options: its XML, the storage it wants, how it is
// installed.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;
struct host;
struct os;
struct xml;
struct xml_element;

// A disk of the guest and what has to happen for it before the guest can start.
struct guest_disk {
	struct xml_element *element; // lent by the guest's XML
	char *path;                  // a file or device
	char *pool;                  // or a volume of a pool; with a size and no volume a new one
	char *volume;
	unsigned long long size; // bytes of the disk that is to be made, 0: it is there
	bool sparse;
	char *format; // asked for; NULL: found out, or qcow2 for a new file
	char *backing_store;
	char *backing_format;
	bool installs; // the guest is installed from it
	bool block;    // what was found out of PATH: a block device
};

enum guest_install {
	INSTALL_NONE,  // --import, or a kernel that is always booted
	INSTALL_MEDIA, // --cdrom
	INSTALL_TREE,  // --location: a kernel and initrd for the first boot
	INSTALL_NETWORK,
};

struct guest {
	struct xml *xml;
	struct xml_element *domain;  // its root
	struct xml_element *devices; // its <devices>
	const struct host *host;
	const struct os *os;
	const struct xml_element *offer; // the <guest> of the capabilities that it was chosen from
	struct guest_disk *disks;
	size_t disk_count;
	enum guest_install install;
	char *install_kernel; // of INSTALL_TREE
	char *install_initrd;
	char *install_arguments;
	bool no_disks, no_networks, no_graphics, no_console; // `none` was asked for
	bool wants_uefi;
	bool cpu_none;            // --cpu none: the hypervisor decides
	bool cpu_secure;          // a model by name, with the features that keep it safe
	struct list boot_devices; // --boot hd,cdrom,...
	struct list warnings;     // for people, in the order they came up
};

struct guest *guest_new(const struct host *host);
void guest_free(struct guest *guest);
void guest_cleanup(struct guest **guest);
#define auto_guest __attribute__((cleanup(guest_cleanup)))

// A device option as it was typed: `--disk TEXT` and its like. What TEXT does not say is filled in
// by guest_complete().
int guest_add_disk(struct guest *guest, const char *text, struct error *err);
int guest_add_network(struct guest *guest, const char *text, struct error *err);
int guest_add_graphics(struct guest *guest, const char *text, struct error *err);
// KIND is "serial" or "console".
int guest_add_character(struct guest *guest, const char *kind, const char *text, struct error *err);

int guest_set_memory(struct guest *guest, const char *text, struct error *err);
int guest_set_vcpus(struct guest *guest, const char *text, struct error *err);
int guest_set_cpu(struct guest *guest, const char *text, struct error *err);
int guest_set_boot(struct guest *guest, const char *text, struct error *err);

// Decides domain type, architecture, machine and emulator, as far as the options left them open.
// MACHINE and TYPE are what --machine and --virt-type ask for, or NULL.
int guest_choose_machine(struct guest *guest, const char *type, const char *machine,
			 struct error *err);

// Fills in all that the options left open; the storage must be known by then.
int guest_complete(struct guest *guest, struct error *err);

// The domain XML: as the guest is defined for good, or for its installation. The caller's.
char *guest_xml(const struct guest *guest, bool installing);

// The table behind an option ("--disk"), for its help; NULL where there is none.
const struct suboption_table *guest_suboptions(const char *option);
