// SPDX-License-Identifier: GPL-3.0-or-later
// A child that undoes in a guest what we have begun, if we are killed before we can.
#pragma once

#include <libvirt/libvirt.h>
#include <sys/types.h>

struct keeper {
	pid_t pid; // 0: there is none
	int fd;    // while it is open, we live
};

struct login;

struct keeping {
	virDomainPtr domain;
	const char *alias;            // a device that is taken out of it
	const char *script;           // for sh, which runs there; $1, $2 ... are
	const char *const *arguments; // at most 8, ends with NULL
	const struct login *login; // that it runs by, and whose key is taken out; NULL: the agent
};

// Where it cannot be started there is none.
void keeper_begin(struct keeper *keeper, const struct keeping *keeping);

// There is nothing left to be undone.
void keeper_end(struct keeper *keeper);
#define auto_keeper __attribute__((cleanup(keeper_end)))
