// SPDX-License-Identifier: GPL-3.0-or-later
// How the machine's distribution installs what is missing.
#pragma once

struct examination;

enum package {
	PACKAGE_QEMU,
	PACKAGE_QEMU_IMG,
	PACKAGE_LIBVIRT,
	PACKAGE_FIRMWARE, // UEFI for guests
	PACKAGE_SWTPM,
	PACKAGE_DNSMASQ,
	PACKAGES,
};

// The command, its words parted by blanks; lent until X is cleared, NULL for a distribution that is
// not known.
const char *package_install(struct examination *x, enum package package);

// That as the fix of a finding.
#define INSTALL(x, package)                                                                        \
	FIX(package_install((x), (package)) ? "install it"                                         \
					    : "install it with your distribution's tools",         \
	    .line = package_install((x), (package)))
