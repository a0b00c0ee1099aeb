// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as they stand in headers: big-endian (be) or little-endian (le), at any address.
#pragma once

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define BYTES_LOAD(name_, type_, convert_)                                                         \
	static inline type_ name_(const void *at)                                                  \
	{                                                                                          \
		type_ raw;                                                                         \
		memcpy(&raw, at, sizeof(raw));                                                     \
		return convert_(raw);                                                              \
	}
BYTES_LOAD(bytes_be16, uint16_t, be16toh)
BYTES_LOAD(bytes_be32, uint32_t, be32toh)
BYTES_LOAD(bytes_be64, uint64_t, be64toh)
BYTES_LOAD(bytes_le16, uint16_t, le16toh)
BYTES_LOAD(bytes_le32, uint32_t, le32toh)
BYTES_LOAD(bytes_le64, uint64_t, le64toh)
#undef BYTES_LOAD

#define BYTES_STORE(name_, type_, convert_)                                                        \
	static inline void name_(void *at, type_ number)                                           \
	{                                                                                          \
		type_ raw = convert_(number);                                                      \
		memcpy(at, &raw, sizeof(raw));                                                     \
	}
BYTES_STORE(bytes_put_be16, uint16_t, htobe16)
BYTES_STORE(bytes_put_be32, uint32_t, htobe32)
BYTES_STORE(bytes_put_be64, uint64_t, htobe64)
#undef BYTES_STORE
