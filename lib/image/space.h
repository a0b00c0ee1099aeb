// SPDX-License-Identifier: GPL-3.0-or-later
// Room on a file system, looked at before something large is begun.
#pragma once

struct error;

// Bytes that may still be written where PATH is or is to be; ULLONG_MAX where that cannot be told.
unsigned long long space_free(const char *path);

// Fails, naming both figures, when NEEDED bytes do not fit there.
int space_check(const char *path, unsigned long long needed, struct error *err);
