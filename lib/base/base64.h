// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as text in base64 (RFC 4648, section 4).
#pragma once

#include <stddef.h>

struct error;

// BYTES in base64, on one line without a newline; the caller's.
char *base64_encode(const void *bytes, size_t length);

// What TEXT, in which blanks and newlines count for nothing, stands for: the caller's, with a NUL
// behind it and its length in *LENGTH. NULL where it is no base64.
char *base64_decode(const char *text, size_t *length, struct error *err);
