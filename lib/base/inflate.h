// SPDX-License-Identifier: GPL-3.0-or-later
// Data compressed by DEFLATE (RFC 1951) in the frame of zlib (RFC 1950), as PNG has it.
#pragma once

#include <stddef.h>

// Unpacks LENGTH bytes of IN into OUT, which holds MOST bytes. Gives the number of bytes, or -1
// where the data is broken or gives more. The checksum at the end is not looked at.
long inflate_zlib(const unsigned char *in, size_t length, unsigned char *out, size_t most);
