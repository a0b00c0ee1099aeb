// SPDX-License-Identifier: GPL-3.0-or-later
// Files that only the installation needs; they go when the program ends. An initrd can hold the
// secrets of an installation: they are for us alone, and libvirt gives them to QEMU's user.
#pragma once

struct error;
struct installation;

// A new empty file whose name ends in "-NAME"; an open descriptor goes to *FD, the caller's. The
// path is the caller's; NULL on failure.
char *scratch_new(struct installation *installation, const char *name, int *fd, struct error *err);

// A copy of the file at PATH, or what the URL PATH gives.
char *scratch_get(struct installation *installation, const char *path, struct error *err);
