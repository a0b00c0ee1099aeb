// SPDX-License-Identifier: GPL-3.0-or-later
// Directories by their path, where others may own what the path leads through.
#pragma once

struct error;

// Opens the directory PATH (O_PATH), one component after the other: symbolic links on the way are
// followed if they are ours or root's, and somebody else's only to a directory of the same owner,
// who could do there what he likes anyway. -1 on failure.
int directory_open(const char *path, struct error *err);
