// SPDX-License-Identifier: GPL-3.0-or-later
// A child that undoes in a guest what we have begun, if we are killed before we can.
#pragma once

#include <libvirt/libvirt.h>
#include <sys/types.h>

struct keeper {
	pid_t pid; // 0: there is none
	int fd;    // while it is open, we live
};

// It would take the device ALIAS out of DOMAIN and run there the sh script SCRIPT, whose $1, $2 ...
// are ARGUMENTS (at most 8, ends with NULL). Where it cannot be started there is none.
void keeper_begin(struct keeper *keeper, virDomainPtr domain, const char *alias, const char *script,
		  const char *const *arguments);

// There is nothing left to be undone.
void keeper_end(struct keeper *keeper);
#define auto_keeper __attribute__((cleanup(keeper_end)))
