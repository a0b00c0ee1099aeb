// SPDX-License-Identifier: GPL-3.0-or-later
// What the arguments of a running QEMU tell about it.
#pragma once

#include <stdbool.h>

#include "base/list.h"

// The arguments of PROCESS, a number; none for one of the kernel, or one that has just ended.
struct list qemu_process_arguments(const char *process);

// The name of the program without its directory, lent; "" where there are no arguments.
const char *qemu_process_program(const struct list *arguments);

// Whether PROGRAM is one of QEMU's.
bool qemu_process_is(const char *program);

// The guest's name as the arguments have it, which anybody can choose; the caller's. NULL where it
// is no QEMU or has none.
char *qemu_process_guest(const struct list *arguments);

// Whether libvirt has recorded PROCESS, a number, as that of its guest NAME: the system's daemon,
// or the one of our own session.
bool qemu_process_is_guest(const char *process, const char *name);

// Whether the arguments name the file PATH, which is absolute; *WRITES: not only to read.
bool qemu_process_names(const struct list *arguments, const char *path, bool *writes);
