// SPDX-License-Identifier: GPL-3.0-or-later
// lib/image/partitions: the tables of a disk are read as Linux reads them, and no further than the
// disk goes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <endian.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "image/partitions.h"

enum { SECTOR = 512, SECTORS = 1000, WRITES = 12 };

// What stands where: a 32-bit number at a byte of a sector.
struct word {
	unsigned sector, at;
	uint32_t number;
};

#define MBR(sector_, entry_, type_, start_, length_)                                               \
	{sector_, 510, 0xaa55}, {sector_, 446 + (entry_)*16 + 4, type_},                           \
		{sector_, 446 + (entry_)*16 + 8, start_},                                          \
	{                                                                                          \
		sector_, 446 + (entry_)*16 + 12, length_                                           \
	}
#define GPT(entries_)                                                                              \
	{0, 510, 0xaa55}, {0, 446 + 4, 0xee}, {0, 446 + 8, 1}, {1, 0, 0x20494645},                 \
		{1, 4, 0x54524150}, {1, 72, entries_}, {1, 80, 4},                                 \
	{                                                                                          \
		1, 84, 128                                                                         \
	}

static const struct {
	const char *what;
	struct word words[WRITES];
	size_t count;
	struct partition expected[3]; // in sectors, behind the disk itself
} cases[] = {
	{"no table", {{0, 0, 7}}, 0, {{0}}},
	{"an MBR",
	 {MBR(0, 0, 0x83, 100, 50), MBR(0, 2, 0x83, 200, 10)},
	 2,
	 {{1, 100, 150}, {3, 200, 210}}},
	{"a longer one than the disk", {MBR(0, 1, 0x83, 900, 500)}, 1, {{2, 900, 1000}}},
	{"one behind the disk", {MBR(0, 0, 0x83, 1000, 5)}, 0, {{0}}},
	{"logical ones",
	 {MBR(0, 1, 0x05, 300, 500), MBR(300, 0, 0x83, 10, 20), MBR(300, 1, 0x05, 100, 50)},
	 1,
	 {{5, 310, 330}}},
	{"a chain that leads to itself",
	 {MBR(0, 1, 0x0f, 300, 500), MBR(300, 0, 0x83, 10, 20), {300, 446 + 16 + 8, 1}},
	 1,
	 {{5, 310, 330}}},
	{"a GPT",
	 {GPT(2), {2, 32, 40}, {2, 40, 59}, {2, 256 + 32, 60}, {2, 256 + 40, 60}},
	 2,
	 {{1, 40, 60}, {3, 60, 61}}},
	{"a GPT whose entries lie elsewhere", {GPT(0xfffffff0)}, 0, {{0}}},
};

static void put(unsigned char *at, uint32_t number)
{
	number = htole32(number);
	memcpy(at, &number, sizeof(number));
}

static void tables_are_read_as_linux_reads_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static unsigned char disk[SECTOR * SECTORS];
		struct partition found[PARTITIONS_MOST];
		auto_close int fd = memfd_create("disk", MFD_CLOEXEC);
		size_t count;

		memset(disk, 0, sizeof(disk));
		for (const struct word *word = cases[i].words; word < cases[i].words + WRITES;
		     word++)
			if (word->number)
				put(disk + (size_t)word->sector * SECTOR + word->at, word->number);
		assert_int_equal(write(fd, disk, sizeof(disk)), sizeof(disk));
		count = partitions_find(fd, sizeof(disk), found);
		print_message("# %s\n", cases[i].what);
		assert_int_equal(count, cases[i].count + 1);
		assert_int_equal(found[0].end, sizeof(disk));
		for (size_t j = 1; j < count; j++) {
			assert_int_equal(found[j].number, cases[i].expected[j - 1].number);
			assert_int_equal(found[j].start, cases[i].expected[j - 1].start * SECTOR);
			assert_int_equal(found[j].end, cases[i].expected[j - 1].end * SECTOR);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(tables_are_read_as_linux_reads_them)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
