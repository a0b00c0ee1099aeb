// SPDX-License-Identifier: GPL-3.0-or-later
// How the machine's distribution installs what is missing.
#pragma once

struct host;

enum package {
	PACKAGE_QEMU,
	PACKAGE_QEMU_IMG,
	PACKAGE_LIBVIRT,
	PACKAGE_FIRMWARE, // UEFI for guests
	PACKAGE_SWTPM,
	PACKAGE_DNSMASQ,
	PACKAGES,
};

// A shell line, the caller's; NULL for a distribution that is not known.
char *package_install(const struct host *host, enum package package);
