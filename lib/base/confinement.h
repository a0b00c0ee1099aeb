// SPDX-License-Identifier: GPL-3.0-or-later
// What a child process may do: only those files, at most so much memory and time of the processor.
// Files are kept by Landlock, where the kernel has it; elsewhere that part holds nobody back.
#pragma once

#include <stdbool.h>

#include "base/list.h"

struct confinement {
	bool files;        // only the files below may be opened; else all
	struct list read;  // files and directories, with all below those
	struct list write; // the same, to be read and changed; in directories files can be made
	int inherited[4];  // descriptors of ours that it has too; 0 ends them
	unsigned long long memory;  // bytes of address space; 0: no bound
	unsigned long long seconds; // of the processor's time; 0: no bound
};

// A descriptor of the rules for files, which confinement_enter() takes; -1 where there are none, or
// the kernel has none. What does not exist is left out: nobody can make it. Programs and libraries
// of the system, and what a QEMU tool reads of the host, may be read in any case.
int confinement_open(const struct confinement *confinement);

// Confines the process that calls it, a child between fork() and exec(). RULES is of
// confinement_open(). 0, or -1 with errno.
int confinement_enter(const struct confinement *confinement, int rules);

void confinement_inherit(struct confinement *confinement, int fd);

void confinement_clear(struct confinement *confinement);
#define auto_confinement __attribute__((cleanup(confinement_clear)))
