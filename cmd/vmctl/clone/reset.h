// SPDX-License-Identifier: GPL-3.0-or-later
// What --reset knows.
#pragma once

#include <stdbool.h>

struct cloner;

struct reset {
	const char *name;
	const char *script; // of sh, that does it in the guest; $1 is the guest's host name
};

// NULL where there is none of this name.
const struct reset *reset_named(const char *name);

// The host name of a guest that libvirt calls GUEST; the caller's.
char *reset_hostname(const char *guest);

// Whether the clone has a channel for an agent.
bool reset_has_agent(const struct cloner *cloner);
