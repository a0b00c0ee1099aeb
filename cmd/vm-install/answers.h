// SPDX-License-Identifier: GPL-3.0-or-later
// What an installer is told instead of asking.
#pragma once

#include <stdbool.h>

struct text;

struct answers {
	char *admin, *user_password; // NULL: that account is not made
	const char *user, *host;     // host: the guest's name
	const char *product_key;     // of Windows, or NULL
	const char *arguments;       // of the installer's kernel, or NULL
	const char *architecture;    // as libvirt calls it
	bool desktop, uefi;
};

// The file for the installer of Debian and its kin, of Fedora and its kin, of Windows.
void answers_preseed(const struct answers *answers, struct text *out);
void answers_kickstart(const struct answers *answers, struct text *out);
void answers_windows(const struct answers *answers, struct text *out);
