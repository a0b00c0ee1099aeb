// SPDX-License-Identifier: GPL-3.0-or-later
// Which files differ on file systems that debugfs cannot read: guestfish reads them, in a virtual
// machine of its own.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "cmd/vm-img/diff_files.h"

struct error;

// Whether there is a guestfish.
bool diff_guestfish_possible(void);

// Whether one of the EXTENTS lies where either disk has a file system, or logical volumes, that it
// reads.
bool diff_guestfish_wanted(const struct diff_disk disks[2], const struct extent *extents,
			   size_t count);

// Adds to FILES[N] the paths of the files of disk N that the other has not, or has with another
// content; those alone that lie in such places. SCRATCH is a directory of our own, for its answers.
// It takes seconds, and many without KVM: ten minutes a disk at most.
int diff_guestfish_find(const struct diff_disk disks[2], const struct extent *extents, size_t count,
			const char *scratch, struct list files[2], struct error *err);
