// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/inflate.h"

#include <stdbool.h>
#include <string.h>

enum {
	FRAME = 2,      // bytes of zlib's header
	BITS_MOST = 15, // of a code
	SYMBOLS = 288,  // of literals and lengths
	DISTANCES = 30,
	END_OF_BLOCK = 256,
	ORDERED = 19, // codes that the lengths of codes are written in
};

struct stream {
	const unsigned char *in;
	size_t length, next; // bytes
	unsigned bits, count;
	unsigned char *out;
	size_t most, done;
	bool broken;
};

// A Huffman code: how many symbols there are of each length, and the symbols in order.
struct code {
	unsigned short count[BITS_MOST + 1], symbol[SYMBOLS];
};

static unsigned take_bits(struct stream *s, unsigned wanted)
{
	unsigned value;

	while (s->count < wanted) {
		if (s->next == s->length) {
			s->broken = true;
			return 0;
		}
		s->bits |= (unsigned)s->in[s->next++] << s->count;
		s->count += 8;
	}
	value = s->bits & ((1U << wanted) - 1);
	s->bits >>= wanted;
	s->count -= wanted;
	return value;
}

static void put(struct stream *s, unsigned char byte)
{
	if (s->done == s->most)
		s->broken = true;
	else
		s->out[s->done++] = byte;
}

static void make_code(struct code *code, const unsigned char *lengths, size_t count)
{
	unsigned short offsets[BITS_MOST + 1] = {0};

	memset(code, 0, sizeof(*code));
	for (size_t i = 0; i < count; i++)
		code->count[lengths[i]]++;
	code->count[0] = 0;
	for (int i = 1; i < BITS_MOST; i++)
		offsets[i + 1] = (unsigned short)(offsets[i] + code->count[i]);
	for (size_t i = 0; i < count; i++)
		if (lengths[i])
			code->symbol[offsets[lengths[i]]++] = (unsigned short)i;
}

// The next symbol, its code bit by bit; -1 where there is none.
static int decode(struct stream *s, const struct code *code)
{
	int value = 0, first = 0, index = 0;

	for (int length = 1; length <= BITS_MOST && !s->broken; length++) {
		int count = code->count[length];

		value |= (int)take_bits(s, 1);
		if (value - count < first)
			return code->symbol[index + value - first];
		index += count;
		first = (first + count) << 1;
		value <<= 1;
	}
	s->broken = true;
	return -1;
}

static void copy_back(struct stream *s, size_t distance, size_t length)
{
	if (distance > s->done) {
		s->broken = true;
		return;
	}
	for (; length && !s->broken; length--)
		put(s, s->out[s->done - distance]);
}

static void compressed(struct stream *s, const struct code *literals, const struct code *distances)
{
	static const unsigned short lengths[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
						 15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
						 67, 83, 99, 115, 131, 163, 195, 227, 258};
	static const unsigned char more[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
					     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
	static const unsigned short back[] = {1,    2,    3,    4,     5,     7,    9,    13,
					      17,   25,   33,   49,    65,    97,   129,  193,
					      257,  385,  513,  769,   1025,  1537, 2049, 3073,
					      4097, 6145, 8193, 12289, 16385, 24577};

	while (!s->broken) {
		int symbol = decode(s, literals), far;
		size_t length, kind;

		if (symbol < 0 || symbol == END_OF_BLOCK)
			return;
		if (symbol < END_OF_BLOCK) {
			put(s, (unsigned char)symbol);
			continue;
		}
		kind = (size_t)symbol - END_OF_BLOCK - 1;
		if (kind >= sizeof(more)) {
			s->broken = true;
			return;
		}
		length = lengths[kind] + take_bits(s, more[kind]);
		far = decode(s, distances);
		if (far < 0 || far >= DISTANCES) {
			s->broken = true;
			return;
		}
		copy_back(s, back[far] + take_bits(s, far < 2 ? 0 : (unsigned)far / 2 - 1), length);
	}
}

static void fixed(struct stream *s)
{
	unsigned char lengths[SYMBOLS];
	struct code literals, distances;

	for (int i = 0; i < SYMBOLS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make_code(&literals, lengths, SYMBOLS);
	memset(lengths, 5, DISTANCES);
	make_code(&distances, lengths, DISTANCES);
	compressed(s, &literals, &distances);
}

// The lengths of both codes, themselves in a code, where runs are shortened.
static bool read_lengths(struct stream *s, const struct code *code, unsigned char *lengths,
			 size_t wanted)
{
	for (size_t i = 0; i < wanted && !s->broken;) {
		int symbol = decode(s, code);
		unsigned char value = 0;
		size_t times = 1;

		if (symbol < 0)
			return false;
		if (symbol < 16) {
			value = (unsigned char)symbol;
		} else if (symbol == 16) {
			if (i == 0)
				return false;
			value = lengths[i - 1];
			times = 3 + take_bits(s, 2);
		} else {
			times = symbol == 17 ? 3 + take_bits(s, 3) : 11 + take_bits(s, 7);
		}
		if (i + times > wanted)
			return false;
		for (; times; times--)
			lengths[i++] = value;
	}
	return !s->broken;
}

static void dynamic(struct stream *s)
{
	static const unsigned char order[ORDERED] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						     11, 4,  12, 3, 13, 2, 14, 1, 15};
	unsigned char lengths[SYMBOLS + DISTANCES + 2] = {0};
	size_t literals = 257 + take_bits(s, 5), distances = 1 + take_bits(s, 5);
	size_t count = 4 + take_bits(s, 4);
	struct code first, second;

	if (s->broken || literals > SYMBOLS - 2 || distances > DISTANCES) {
		s->broken = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		lengths[order[i]] = (unsigned char)take_bits(s, 3);
	make_code(&first, lengths, ORDERED);
	memset(lengths, 0, sizeof(lengths));
	if (!read_lengths(s, &first, lengths, literals + distances)) {
		s->broken = true;
		return;
	}
	make_code(&first, lengths, literals);
	make_code(&second, lengths + literals, distances);
	compressed(s, &first, &second);
}

static void stored(struct stream *s)
{
	size_t length;

	s->bits = s->count = 0;
	if (s->length - s->next < 4) {
		s->broken = true;
		return;
	}
	length = s->in[s->next] | (size_t)s->in[s->next + 1] << 8;
	s->next += 4;
	for (; length && !s->broken; length--) {
		if (s->next == s->length)
			s->broken = true;
		else
			put(s, s->in[s->next++]);
	}
}

// NOLINTNEXTLINE(readability-non-const-parameter): it is written to by way of the struct.
long inflate_zlib(const unsigned char *in, size_t length, unsigned char *out, size_t most)
{
	struct stream s = {.in = in, .length = length, .next = FRAME, .out = out, .most = most};
	bool last = false;

	if (length < FRAME)
		return -1;
	while (!last && !s.broken) {
		last = take_bits(&s, 1);
		switch (take_bits(&s, 2)) {
		case 0:
			stored(&s);
			break;
		case 1:
			fixed(&s);
			break;
		case 2:
			dynamic(&s);
			break;
		default:
			s.broken = true;
		}
	}
	return s.broken ? -1 : (long)s.done;
}
