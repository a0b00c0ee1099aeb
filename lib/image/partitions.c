// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/partitions.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "image/bytes.h"

// Offsets are those of the UEFI specification, chapter 5, but for logical partitions, which are as
// Linux reads them.
enum {
	SECTOR = 512,
	PRIMARY_MOST = 4,
	LOGICAL_MOST = 60,
	GPT_MOST = 128,
	ENTRY = 16, // bytes of one in an MBR
	ENTRIES_AT = 446,
};

struct table {
	int fd;
	unsigned long long size;
	struct partition *partitions;
	size_t count;
};

static bool read_at(const struct table *table, unsigned long long at, void *bytes, size_t length)
{
	return at < INT64_MAX - length &&
	       pread(table->fd, bytes, length, (off_t)at) == (ssize_t)length;
}

// In sectors.
static void add(struct table *table, unsigned number, unsigned long long start,
		unsigned long long sectors)
{
	unsigned long long most = table->size / SECTOR;

	if (!start || start >= most || !sectors || table->count == PARTITIONS_MOST)
		return;
	if (sectors > most - start)
		sectors = most - start;
	table->partitions[table->count++] =
		(struct partition){number, start * SECTOR, (start + sectors) * SECTOR};
}

static bool read_mbr(const struct table *table, unsigned long long sector,
		     unsigned char bytes[SECTOR])
{
	return read_at(table, sector * SECTOR, bytes, SECTOR) && bytes_le16(bytes + 510) == 0xaa55;
}

// Each logical partition has an MBR of its own, whose second entry leads to the next one.
static void add_logical(struct table *table, unsigned long long extended)
{
	unsigned char mbr[SECTOR];
	unsigned long long at = extended;

	for (unsigned i = 0; i < LOGICAL_MOST && read_mbr(table, at, mbr); i++) {
		const unsigned char *entry = mbr + ENTRIES_AT;

		add(table, PRIMARY_MOST + 1 + i, at + bytes_le32(entry + 8),
		    bytes_le32(entry + 12));
		if (!bytes_le32(entry + ENTRY + 8))
			return;
		at = extended + bytes_le32(entry + ENTRY + 8);
	}
}

static void add_primary(struct table *table, const unsigned char mbr[SECTOR])
{
	for (unsigned i = 0; i < PRIMARY_MOST; i++) {
		const unsigned char *entry = mbr + ENTRIES_AT + (size_t)i * ENTRY;
		unsigned char type = entry[4];

		if (type == 0x05 || type == 0x0f || type == 0x85)
			add_logical(table, bytes_le32(entry + 8));
		else
			add(table, i + 1, bytes_le32(entry + 8), bytes_le32(entry + 12));
	}
}

static bool add_gpt(struct table *table)
{
	unsigned char header[92], entry[48];
	unsigned long long at, size;

	if (!read_at(table, SECTOR, header, sizeof(header)) || memcmp(header, "EFI PART", 8) != 0)
		return false;
	at = bytes_le64(header + 72);
	size = bytes_le32(header + 84);
	for (unsigned i = 0; i < GPT_MOST && i < bytes_le32(header + 80); i++) {
		unsigned long long first, last;

		if (at > table->size / SECTOR ||
		    !read_at(table, at * SECTOR + i * size, entry, sizeof(entry)))
			break;
		first = bytes_le64(entry + 32);
		last = bytes_le64(entry + 40);
		if (last >= first && last != UINT64_MAX)
			add(table, i + 1, first, last - first + 1);
	}
	return true;
}

size_t partitions_find(int fd, unsigned long long size,
		       struct partition partitions[PARTITIONS_MOST])
{
	struct table table = {.fd = fd, .size = size, .partitions = partitions, .count = 1};
	unsigned char mbr[SECTOR];

	partitions[0] = (struct partition){0, 0, size};
	if (read_mbr(&table, 0, mbr) && !add_gpt(&table))
		add_primary(&table, mbr);
	return table.count;
}
