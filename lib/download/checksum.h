// SPDX-License-Identifier: GPL-3.0-or-later
// Checksums as distributions publish them, and those of files here.
#pragma once

struct error;

// The checksum of FILE in the text SUMS, of the forms "HEX  FILE" (sha256sum) and "SHA256 (FILE) =
// HEX" (BSD); a text with one checksum alone is that of the file. FILE with a slash in it is a path
// as SUMS has it, without one a name in any directory. Lower-case hex, whose length tells that it
// is SHA-256 or SHA-512; the caller's. NULL where there is none.
char *checksum_find(const char *sums, const char *file);

// HEX as "sha256:HEX" or plain in its canonical form, the caller's; NULL where it is none.
char *checksum_canonical(const char *given);

// Fails unless the file PATH has this checksum. NAME is for messages.
int checksum_verify(const char *path, const char *checksum, const char *name, struct error *err);
