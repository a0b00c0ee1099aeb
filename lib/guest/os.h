// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the guest's operating system: from the osinfo database (package osinfo-db), read
// directly, since only the files of one system and its ancestors are needed and loading all of them
// takes a quarter of a second. The generic Linux systems are known without it.
#pragma once

#include <stdbool.h>

struct error;
struct list;

struct os;

// NAME is a short id ("debian12"), a full id ("http://debian.org/debian/12") or "generic". Not
// knowing it is an error (STATUS_NOT_FOUND).
struct os *os_find(const char *name, struct error *err);
void os_free(struct os *os);
void os_cleanup(struct os **os);
#define auto_os __attribute__((cleanup(os_cleanup)))

// Adds the short ids of all systems that are known.
void os_names(struct list *names);

const char *os_short_id(const struct os *os);
const char *os_id(const struct os *os); // NULL for "generic"
bool os_is_windows(const struct os *os);
// The first number of its version (6 for 6.1), 0 where it has none.
unsigned long os_version(const struct os *os);
bool os_is_solaris(const struct os *os);
// Whether it boots with this kind of firmware ("bios", "efi"); what is not said of is "bios".
bool os_has_firmware(const struct os *os, const char *architecture, const char *type);

enum os_device {
	OS_VIRTIO_NETWORK,
	OS_VIRTIO_BLOCK,
	OS_VIRTIO_SCSI,
	OS_VIRTIO_SERIAL,
	OS_VIRTIO_RNG,
	OS_VIRTIO_BALLOON,
	OS_VIRTIO_GPU,
	OS_VIRTIO_1_NETWORK, // the non-transitional one, which PCIe machines want
	OS_XHCI,
	OS_E1000,
	OS_RTL8139,
	OS_NE2K_PCI,
	OS_PCNET,
	OS_VIRTIO_INPUT,
	OS_Q35,
};

// Whether it drives the device; the nearest ancestor that says so decides.
bool os_supports(const struct os *os, enum os_device device);

enum os_resource { OS_MEMORY, OS_CPUS, OS_STORAGE, OS_NETWORK_MEMORY }; // bytes, but for the CPUs

// What is recommended for ARCHITECTURE, else twice the least; 0 where nothing is known. Of the
// memory that its installer takes when it is loaded over a network, what the system itself says.
unsigned long long os_resource(const struct os *os, const char *architecture,
			       enum os_resource resource);

// Whether the database, or this program, knows a system of this name or id.
bool os_is_known(const char *name);

// The short id of the newest system of the same family whose version is not above NAME's
// ("debian12" where "debian13" is not known), else of the oldest; the caller's. NULL where there is
// none.
char *os_nearest(const char *name);

// Where the system's installation tree is, for this architecture; the caller's, or NULL.
char *os_tree_url(const struct os *os, const char *architecture);

// Its distribution: "debian", "fedora", ...; the caller's, or NULL.
char *os_distribution(const struct os *os);

// What the medium at hand says of itself; NULL for what it does not.
struct os_medium {
	const char *volume, *system, *publisher, *application; // of an ISO image's header
	const char *family, *variant, *version;                // of a .treeinfo
	const char *codename; // of the release, in the URL of a mirror
};

// The id of the system whose medium or tree that is, as the database describes it; the caller's, or
// NULL.
char *os_detect(const struct os_medium *medium);
