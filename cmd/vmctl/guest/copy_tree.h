// SPDX-License-Identifier: GPL-3.0-or-later
// Directories as archives, for a copy to or from a guest.
#pragma once

struct error;

// A file without a name, for what must be there as a whole; its descriptor, or -1.
int copy_spool(struct error *err);

// An archive of what is in DIRECTORY, in such a file.
int copy_pack(const char *directory, struct error *err);

// Makes the directory TARGET, which must not be there, of the archive FD, all or nothing. What it
// holds is the caller's, without the rights to be somebody else; device nodes are refused.
int copy_unpack(int fd, const char *target, struct error *err);
