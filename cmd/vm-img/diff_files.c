// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/diff_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/partitions.h"

enum {
	BLOCKS_MOST = 4000,   // that are asked about in one run
	SECONDS_MOST = 60,    // of the processor, for one run
	MAGIC_AT = 1024 + 56, // of an ext file system, and the logarithm of its blocks
	BLOCK_AT = 1024 + 24,
};

bool diff_files_possible(void)
{
	return process_find_system("debugfs", NULL) || process_find("debugfs", NULL);
}

// The size of the blocks of an ext file system at OFFSET; 0: there is none.
static unsigned long long block_size(int fd, unsigned long long offset)
{
	unsigned char magic[2], logarithm[4];

	if (pread(fd, magic, sizeof(magic), (off_t)offset + MAGIC_AT) != sizeof(magic) ||
	    bytes_le16(magic) != 0xef53 ||
	    pread(fd, logarithm, sizeof(logarithm), (off_t)offset + BLOCK_AT) !=
		    sizeof(logarithm) ||
	    bytes_le32(logarithm) > 6)
		return 0;
	return 1024ULL << bytes_le32(logarithm);
}

// What debugfs answers to REQUEST about the file system at OFFSET, the caller's; NULL on failure.
static char *ask(const char *path, unsigned long long offset, const char *request)
{
	auto_free char *device = text_format("%s?offset=%llu", path, offset);
	const char *const argv[] = {"debugfs", "-R", request, device, NULL};
	auto_confinement struct confinement confinement = {.files = true, .seconds = SECONDS_MOST};
	struct process process = {.argv = argv, .bound = true, .confinement = &confinement};
	auto_process_result struct process_result result = {0};
	auto_error struct error ignored = {0};

	list_add(&confinement.read, path);
	list_add(&confinement.read, "/etc/mke2fs.conf");
	return process_run(&process, &result, &ignored) == 0 ? take(&result.output) : NULL;
}

// The second column of each line whose first and second are numbers, as words without repetition.
static char *numbers_of(const char *answer, const char *request)
{
	auto_list struct list lines = list_split(answer, "\n"), seen = {0};
	struct text words = {0};

	text_append(&words, request);
	for (size_t i = 0; i < lines.count; i++) {
		const char *tab = strchr(lines.items[i], '\t');

		if (!tab || strspn(tab + 1, "0123456789") != strlen(tab + 1) || !tab[1] ||
		    list_has(&seen, tab + 1))
			continue;
		list_add(&seen, tab + 1);
		text_append_format(&words, " %s", tab + 1);
	}
	if (!seen.count)
		text_clear(&words);
	return seen.count ? text_take(&words) : NULL;
}

static void add_names(const char *answer, struct list *files)
{
	auto_list struct list lines = list_split(answer, "\n");

	for (size_t i = 0; i < lines.count; i++) {
		const char *tab = strchr(lines.items[i], '\t');

		if (!tab || tab[1] != '/')
			continue;
		// It writes the root's own slash before each.
		tab += 1 + (tab[2] == '/');
		if (!list_has(files, tab))
			list_add(files, tab);
	}
}

static void find_in(const char *path, unsigned long long offset, const char *blocks,
		    struct list *files)
{
	auto_free char *inodes = ask(path, offset, blocks);
	auto_free char *request = inodes ? numbers_of(inodes, "ncheck") : NULL;
	auto_free char *names = request ? ask(path, offset, request) : NULL;

	if (names)
		add_names(names, files);
}

// "icheck 17 18": the blocks, of SIZE bytes, of the file system in PARTITION that the extents
// touch; the caller's, NULL where there are none.
static char *blocks_in(const struct partition *partition, unsigned long long size,
		       const struct extent *extents, size_t count)
{
	struct text request = {0};
	unsigned long long next = 0;
	size_t asked = 0;

	text_append(&request, "icheck");
	for (size_t i = 0; i < count && asked < BLOCKS_MOST; i++) {
		unsigned long long end = extents[i].offset + extents[i].length, block = 0;

		if (end > partition->end)
			end = partition->end;
		if (end <= partition->start || extents[i].offset >= end)
			continue;
		if (extents[i].offset > partition->start)
			block = (extents[i].offset - partition->start) / size;
		for (block = block > next ? block : next;
		     block * size < end - partition->start && asked < BLOCKS_MOST; block++, asked++)
			text_append_format(&request, " %llu", block);
		next = block;
	}
	if (!asked)
		text_clear(&request);
	return asked ? text_take(&request) : NULL;
}

void diff_files_find(const struct diff_disk *disk, const struct extent *extents, size_t count,
		     struct list *files)
{
	struct partition partitions[PARTITIONS_MOST];
	size_t found = partitions_find(disk->fd, disk->size, partitions);

	for (size_t i = 0; i < found; i++) {
		unsigned long long size = block_size(disk->fd, partitions[i].start);
		auto_free char *request =
			size ? blocks_in(&partitions[i], size, extents, count) : NULL;

		if (request)
			find_in(disk->path, partitions[i].start, request, files);
	}
}
