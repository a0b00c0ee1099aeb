// SPDX-License-Identifier: GPL-3.0-or-later
// A guest that is being put together or changed by options: its XML, and what options wish that no
// XML holds.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "guest/disk.h"

struct error;
struct hypervisor;
struct os;
struct xml;
struct xml_element;

enum guest_install {
	INSTALL_NONE,  // --import, or a kernel that is always booted
	INSTALL_MEDIA, // --cdrom
	INSTALL_TREE,  // --location: a kernel and initrd for the first boot
	INSTALL_NETWORK,
	INSTALL_DEVICES, // --install bootdev=: the kinds of devices in install_devices
	INSTALL_DISK,    // the disk itself, which is told at its first boot what to become
};

// How the guest's options find devices of the host; all NULL where there is none to ask.
struct guest_look_up {
	void *data;
	// The XML of the device that libvirt calls NAME, the caller's; NULL with the error set.
	char *(*device)(void *data, const char *name, struct error *err);
	// Adds the XML of each USB device.
	void (*usb)(void *data, struct list *found);
};

struct guest {
	struct xml *xml;
	struct xml_element *domain;    // its root
	struct xml_element *devices;   // its <devices>
	const struct hypervisor *host; // NULL: not known yet
	const struct os *os;
	const struct xml_element *offer; // the <guest> of the capabilities that it was chosen from
	struct guest_look_up look_up;
	struct disk_wish *wishes; // of disks, one each
	size_t wish_count;
	enum guest_install install;
	struct list install_devices;       // hd, cdrom, fd, network
	bool loads_tree;                   // the installer of a directory or URL, from there
	unsigned long long install_memory; // KiB while it is installed, 0: what it has
	char *install_kernel;              // of INSTALL_TREE
	char *install_initrd;
	char *install_arguments;
	bool exists;          // it was there before: its devices tell what its system drives
	struct list declined; // options whose `none` was asked for: no default takes its place
	bool default_tpm;     // its TPM is one that no option asked for
	bool wants_uefi;
	bool cpu_copies;          // --cpu host-copy: the model of the host
	bool cpu_secure;          // a model by name, with the features that keep it safe
	struct list boot_devices; // --boot hd,cdrom,...
	bool boot_by_kind;        // they are kinds of devices, not certain ones
	struct list warnings;     // for people, in the order they came up
};

struct guest *guest_new(const struct hypervisor *host);
// Of XML that exists already, which is copied.
struct guest *guest_of(const struct xml *xml, const struct hypervisor *host);
void guest_free(struct guest *guest);
void guest_cleanup(struct guest **guest);
#define auto_guest __attribute__((cleanup(guest_cleanup)))

// What is wished for DISK, an element of the guest; made where there is nothing yet. Lent until
// another one is made.
struct disk_wish *guest_wish(struct guest *guest, struct xml_element *disk);
// Forgets what was wished for an element that goes.
void guest_forget(struct guest *guest, const struct xml_element *element);

// Whether `--OPTION none` was given.
bool guest_declines(const struct guest *guest, const char *option);

// Decides domain type and architecture, as far as the options left them open, by what the host
// offers. MACHINE and TYPE are what --machine and --virt-type ask for, or NULL.
int guest_choose_offer(struct guest *guest, const char *type, const char *machine,
		       struct error *err);

// Decides machine and emulator; the operating system is known by then.
int guest_choose_machine(struct guest *guest, const char *machine, struct error *err);

// Decides the firmware, and whether the guest can be protected as it was asked.
int guest_complete_platform(struct guest *guest, struct error *err);

// Fills in all that the options left open; the storage must be known by then.
int guest_complete(struct guest *guest, struct error *err);

// Fills in what the options left open of one device of a guest that is there otherwise.
int guest_complete_device(struct guest *guest, struct xml_element *device, struct error *err);

// Which devices boot, in the order of guest->boot_devices.
void guest_set_boot_order(struct guest *guest);

enum guest_phase {
	PHASE_INSTALL, // the XML that the installation runs with
	PHASE_LASTING, // and that the guest is defined with for good
};

// The domain XML, the caller's.
char *guest_xml(const struct guest *guest, enum guest_phase phase);
