// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 (FIPS 180-4) of bytes that come in pieces, on their way to or from a guest. No library
// that is linked has it; of a whole file the child of lib/download/checksum.h makes it, which can
// be bounded and does SHA-512 too.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BLOCK = 64, SHA256_HEX = 65 };

struct sha256 {
	uint32_t state[8];
	uint64_t length; // bytes so far
	unsigned char block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *sum);
void sha256_add(struct sha256 *sum, const void *bytes, size_t length);
// The sum as 64 digits and a NUL.
void sha256_end(struct sha256 *sum, char hex[SHA256_HEX]);
