// SPDX-License-Identifier: GPL-3.0-or-later
// Names that must be nobody else's: UUIDs, MAC addresses and tags.
#pragma once

#include <stdbool.h>

// A random UUID (RFC 9562, version 4); the caller's.
char *identity_uuid(void);

// A random MAC address with the prefix that the hypervisor's guests have: 52:54:00 for qemu and the
// test driver, 00:16:3e (Xen's) for others; the caller's.
char *identity_mac(const char *scheme);

// Sixteen random bytes as digits, which nobody can guess; the caller's.
char *identity_tag(void);

bool identity_is_mac(const char *string);

// Whether a guest may be called so: libvirt refuses slashes, and a name is needed.
bool identity_is_name(const char *string);
bool identity_is_uuid(const char *string);
