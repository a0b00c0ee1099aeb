// SPDX-License-Identifier: GPL-3.0-or-later
// A child that undoes what we have begun, if we are killed before we can.
#pragma once

#include <libvirt/libvirt.h>
#include <sys/types.h>

struct keeper {
	pid_t pid; // 0: there is none
	int fd;    // while it is open, we live
};

// Runs SCRIPT with sh here when we are gone, whose $1, $2 ... are ARGUMENTS (at most 12, ends with
// NULL), $vmctl is ourselves, $uri the connection and $guest the name of DOMAIN. Where the child
// cannot be started there is none.
void keeper_begin(struct keeper *keeper, virDomainPtr domain, const char *script,
		  const char *const *arguments);

// There is nothing left to be undone.
void keeper_end(struct keeper *keeper);
#define auto_keeper __attribute__((cleanup(keeper_end)))
