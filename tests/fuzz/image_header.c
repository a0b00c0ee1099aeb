// SPDX-License-Identifier: GPL-3.0-or-later
// Image files of all formats. An input is one byte that chooses the format that is said (0: none),
// four for the number of sectors of the file, and then pieces of it: four bytes for the sector, two
// for the length, and that many bytes; all numbers little-endian. So a header that stands far
// behind in a file is a few bytes away. The seeds are pieces of images that qemu-img has made.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/image.h"

enum { SECTOR = 512, PIECE_HEAD = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// One file for all inputs: making one takes longer than reading its header.
static int file_of(char **path)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("image", MFD_CLOEXEC);
	*path = text_format("/proc/self/fd/%d", fd);
	return fd;
}

// Only VHDX has its tables megabytes behind its start. Elsewhere so many zeroes would be read as
// tables of thousands of empty entries, again and again.
static off_t length_of(const uint8_t *data, size_t size)
{
	bool far = size > 19 && memcmp(data + 11, "vhdxfile", 8) == 0;
	off_t length = (off_t)bytes_le32(data + 1) * SECTOR, most = far ? 4 << 20 : 128 << 10;

	return length < most ? length : most;
}

static void fill(int fd, const uint8_t *data, size_t size)
{
	off_t length = length_of(data, size);

	data += 5;
	size -= 5;
	if (ftruncate(fd, 0) < 0 || ftruncate(fd, length) < 0)
		abort();
	while (size > PIECE_HEAD) {
		off_t offset = (off_t)bytes_le32(data) * SECTOR;
		size_t wanted = bytes_le16(data + 4), there = size - PIECE_HEAD;

		there = wanted < there ? wanted : there;
		if (offset + (off_t)there <= length &&
		    pwrite(fd, data + PIECE_HEAD, there, offset) != (ssize_t)there)
			abort();
		data += PIECE_HEAD + there;
		size -= PIECE_HEAD + there;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *path = NULL;
	auto_error struct error err = {0};
	auto_image struct image image = {0};
	const char *format = NULL;
	int fd = file_of(&path);

	if (size < 5)
		return 0;
	for (size_t i = 0; i < data[0] && image_format_name(i); i++)
		format = image_format_name(i);
	fill(fd, data, size);
	if (image_read(path, format, &image, &err) < 0) {
		if (!err.message || image.format)
			abort();
		return 0;
	}
	if (err.message || !image.format || image.virtual_size > INT64_MAX ||
	    (format && !text_equal(format, image.format)))
		abort();
	return 0;
}
