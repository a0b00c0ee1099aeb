// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/inflate.h"
#include "base/memory.h"
#include "base/text.h"
#include "image/bytes.h"

enum {
	SIDE_MOST = 16384, // pixels
	CHUNK = 12,        // bytes of a chunk of PNG around its data
	HEADER = 13,       // bytes of the first one's data
	CHANNELS_MOST = 4,
};

static int broken(struct error *err)
{
	return error_set(err, STATUS_FAILED, "the picture of the screen cannot be read");
}

static int make(struct picture *picture, unsigned width, unsigned height, struct error *err)
{
	if (!width || !height || width > SIDE_MOST || height > SIDE_MOST)
		return broken(err);
	*picture = (struct picture){
		.width = width,
		.height = height,
		.pixels = memory_new((size_t)width * height, 3),
	};
	return 0;
}

// What PNG predicts a byte from (its specification, section 9): the byte to the left, the one
// above, and the one above that on the left.
static unsigned char predict(unsigned filter, int left, int above, int corner)
{
	int guess = left + above - corner;
	int to_left = abs(guess - left), to_above = abs(guess - above);
	int to_corner = abs(guess - corner);

	switch (filter) {
	case 1:
		return (unsigned char)left;
	case 2:
		return (unsigned char)above;
	case 3:
		return (unsigned char)((left + above) / 2);
	case 4:
		if (to_left <= to_above && to_left <= to_corner)
			return (unsigned char)left;
		return (unsigned char)(to_above <= to_corner ? above : corner);
	default:
		return 0;
	}
}

static void unfilter(unsigned char *rows, size_t stride, unsigned height, unsigned channels)
{
	for (unsigned y = 0; y < height; y++) {
		unsigned char *row = rows + y * (stride + 1) + 1;
		const unsigned char *above = y ? row - stride - 1 : NULL;

		for (size_t x = 0; x < stride; x++)
			row[x] =
				(unsigned char)(row[x] +
						predict(row[-1],
							x >= channels ? row[x - channels] : 0,
							above ? above[x] : 0,
							above && x >= channels ? above[x - channels]
									       : 0));
	}
}

// The data of all its IDAT chunks.
static struct text png_data(const unsigned char *bytes, size_t length)
{
	struct text data = {0};
	size_t at = 8;

	while (at + CHUNK <= length) {
		size_t size = bytes_be32(bytes + at);

		if (size > length - at - CHUNK)
			break;
		if (memcmp(bytes + at + 4, "IDAT", 4) == 0)
			text_append_bytes(&data, (const char *)bytes + at + 8, size);
		at += size + CHUNK;
	}
	return data;
}

static int read_png(const unsigned char *bytes, size_t length, struct picture *picture,
		    struct error *err)
{
	static const unsigned char channels_of[7] = {[0] = 1, [2] = 3, [4] = 2, [6] = 4};
	const unsigned char *header = bytes + 16;
	auto_text struct text data = {0};
	auto_free unsigned char *rows = NULL;
	unsigned channels;
	size_t stride, size;

	if (length < 16 + HEADER || header[8] != 8 || header[9] > 6 || header[12] ||
	    !channels_of[header[9]])
		return broken(err);
	if (make(picture, bytes_be32(header), bytes_be32(header + 4), err) < 0)
		return -1;
	channels = channels_of[header[9]];
	stride = (size_t)picture->width * channels;
	size = (stride + 1) * picture->height;
	rows = memory_new(size, 1);
	data = png_data(bytes, length);
	if (inflate_zlib((const unsigned char *)text_string(&data), data.length, rows, size) !=
	    (long)size)
		return broken(err);
	unfilter(rows, stride, picture->height, channels);
	for (size_t i = 0; i < (size_t)picture->width * picture->height; i++) {
		const unsigned char *pixel = rows + (i / picture->width) * (stride + 1) + 1 +
					     (i % picture->width) * channels;

		for (unsigned c = 0; c < 3; c++)
			picture->pixels[3 * i + c] = channels < 3 ? pixel[0] : pixel[c];
	}
	return 0;
}

static int read_ppm(const char *bytes, size_t length, struct picture *picture, struct error *err)
{
	auto_free char *header = text_copy_bytes(bytes, length < 64 ? length : 64);
	char *end = header + 2;
	unsigned long width = strtoul(end, &end, 10), height = strtoul(end, &end, 10);
	unsigned long most = strtoul(end, &end, 10);
	size_t begin = (size_t)(end - header) + 1;

	if (most != 255 || width > SIDE_MOST || height > SIDE_MOST ||
	    length < begin + 3 * width * height)
		return broken(err);
	if (make(picture, (unsigned)width, (unsigned)height, err) < 0 || !picture->pixels)
		return -1;
	memcpy(picture->pixels, bytes + begin, 3 * width * height);
	return 0;
}

int picture_read(const void *bytes, size_t length, struct picture *picture, struct error *err)
{
	struct picture read = {0};
	int failed = -1;

	if (length > 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
		failed = read_png(bytes, length, &read, err);
	else if (length > 2 && memcmp(bytes, "P6", 2) == 0)
		failed = read_ppm(bytes, length, &read, err);
	else
		broken(err);
	if (failed)
		picture_clear(&read);
	else
		*picture = read;
	return failed;
}

void picture_clear(struct picture *picture)
{
	free(picture->pixels);
	*picture = (struct picture){0};
}
