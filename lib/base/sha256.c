// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 64, LENGTH_AT = 56 };

// FIPS 180-4, section 4.2.2: of the cube roots of the first 64 primes.
static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

void sha256_begin(struct sha256 *sum)
{
	*sum = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
					 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

// A round of section 6.2.2. Its eight words keep their places: in the next round each stands for
// the one behind it.
#define ROUND(t_, a_, b_, c_, d_, e_, f_, g_, h_)                                                  \
	v[h_] += (rotate(v[e_], 6) ^ rotate(v[e_], 11) ^ rotate(v[e_], 25)) +                      \
		 ((v[e_] & v[f_]) ^ (~v[e_] & v[g_])) + constants[t_] + schedule[t_];              \
	v[d_] += v[h_];                                                                            \
	v[h_] += (rotate(v[a_], 2) ^ rotate(v[a_], 13) ^ rotate(v[a_], 22)) +                      \
		 ((v[a_] & v[b_]) ^ (v[a_] & v[c_]) ^ (v[b_] & v[c_]));
#define EIGHT_ROUNDS(t_)                                                                           \
	{                                                                                          \
		ROUND((t_), 0, 1, 2, 3, 4, 5, 6, 7)                                                \
		ROUND((t_) + 1, 7, 0, 1, 2, 3, 4, 5, 6)                                            \
		ROUND((t_) + 2, 6, 7, 0, 1, 2, 3, 4, 5)                                            \
		ROUND((t_) + 3, 5, 6, 7, 0, 1, 2, 3, 4)                                            \
		ROUND((t_) + 4, 4, 5, 6, 7, 0, 1, 2, 3)                                            \
		ROUND((t_) + 5, 3, 4, 5, 6, 7, 0, 1, 2)                                            \
		ROUND((t_) + 6, 2, 3, 4, 5, 6, 7, 0, 1)                                            \
		ROUND((t_) + 7, 1, 2, 3, 4, 5, 6, 7, 0)                                            \
	}

// Section 6.2.2.
static void take_block(uint32_t *state, const unsigned char *block)
{
	uint32_t schedule[ROUNDS], v[8];

	for (size_t t = 0; t < 16; t++)
		schedule[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
			      (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (size_t t = 16; t < ROUNDS; t++) {
		uint32_t a = schedule[t - 15], b = schedule[t - 2];

		schedule[t] = schedule[t - 16] + schedule[t - 7] +
			      (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
			      (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
	memcpy(v, state, sizeof(v));
	for (size_t t = 0; t < ROUNDS; t += 8)
		EIGHT_ROUNDS(t)
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_add(struct sha256 *sum, const void *bytes, size_t length)
{
	const unsigned char *next = bytes;

	while (length) {
		size_t used = sum->length % SHA256_BLOCK, piece = SHA256_BLOCK - used;

		piece = piece < length ? piece : length;
		memcpy(sum->block + used, next, piece);
		sum->length += piece;
		next += piece;
		length -= piece;
		if (sum->length % SHA256_BLOCK == 0)
			take_block(sum->state, sum->block);
	}
}

void sha256_end(struct sha256 *sum, char hex[SHA256_HEX])
{
	uint64_t bits = sum->length * 8;
	unsigned char ends[8];

	for (size_t i = 0; i < sizeof(ends); i++)
		ends[i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(sum, "\x80", 1);
	while (sum->length % SHA256_BLOCK != LENGTH_AT)
		sha256_add(sum, "", 1);
	sha256_add(sum, ends, sizeof(ends));
	for (size_t i = 0; i < 8; i++)
		snprintf(hex + 8 * i, 9, "%08x", sum->state[i]);
}
