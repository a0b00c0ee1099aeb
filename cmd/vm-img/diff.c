// SPDX-License-Identifier: GPL-3.0-or-later
// Where two disks differ, and which files of their guests lie there.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/diff_files.h"
#include "cmd/vm-img/diff_guestfish.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "image/space.h"
#include "output/report.h"

enum { STEP = 512, CHUNK = 1 << 20 }; // bytes

// One of the two, as the bytes that a guest sees.
struct disk {
	struct operand operand;
	char *path; // of the bytes
	int fd;
	unsigned long long size;
};

struct diff {
	struct disk disks[2];
	char *scratch; // a directory of our own
	struct extent *extents;
	size_t count;
	struct list files[2]; // those that differ, of each
};

static void diff_clear(struct diff *diff)
{
	for (size_t i = 0; i < 2; i++) {
		if (diff->disks[i].fd >= 0)
			close(diff->disks[i].fd);
		free(diff->disks[i].path);
		operand_close(&diff->disks[i].operand);
	}
	if (diff->scratch)
		file_remove_directory(diff->scratch);
	free(diff->scratch);
	free(diff->extents);
	list_clear(&diff->files[0]);
	list_clear(&diff->files[1]);
}
#define auto_diff __attribute__((cleanup(diff_clear)))

static int make_scratch(struct diff *diff, struct error *err)
{
	if (!diff->scratch)
		diff->scratch = file_private_directory(err);
	return diff->scratch ? 0 : -1;
}

// The engine reads whatever format it is; the copy has holes where the disk has none.
static int unfold(struct call *call, struct diff *diff, struct disk *disk, struct error *err)
{
	auto_engine struct engine engine = {0};

	if (make_scratch(diff, err) < 0)
		return -1;
	if (space_check(diff->scratch, disk->operand.image.allocated, err) < 0)
		return -1;
	disk->path = text_format("%s/%d", diff->scratch, disk == &diff->disks[1]);
	engine_begin_as(call, "convert", NULL, &engine);
	if (argument_flag(call, "force-share"))
		engine_add(&engine, "-U");
	if (disk->operand.image.format)
		engine_add_option(&engine, "-f", disk->operand.image.format);
	engine_add_option(&engine, "-O", IMAGE_RAW);
	engine_add_file(call, &engine, disk->operand.name);
	engine_add(&engine, disk->path);
	list_add(&engine.qemu_img.confinement.write, diff->scratch);
	return engine_run(call, &engine, err);
}

static int open_disk(struct call *call, struct diff *diff, size_t index, struct error *err)
{
	struct disk *disk = &diff->disks[index];
	const char *name = argument_text(call, index ? "second" : "first");
	const char *format = argument_text(call, index ? "second-format" : "format");
	off_t end;

	if (operand_open_to_read(call, name, format, &disk->operand, err) < 0)
		return -1;
	if (disk->operand.known && text_equal(disk->operand.image.format, IMAGE_RAW))
		disk->path = text_copy(disk->operand.location.path);
	else if (unfold(call, diff, disk, err) < 0)
		return -1;
	disk->fd = open(disk->path, O_RDONLY | O_CLOEXEC);
	end = disk->fd < 0 ? -1 : lseek(disk->fd, 0, SEEK_END);
	if (end < 0)
		return error_set_errno(err, errno, "cannot read '%s'", name);
	disk->size = (unsigned long long)end;
	return 0;
}

// The next byte from AT on that is in no hole of either.
static unsigned long long next_data(const struct diff *diff, unsigned long long at)
{
	unsigned long long next = ~0ULL;

	for (size_t i = 0; i < 2; i++) {
		off_t data = lseek(diff->disks[i].fd, (off_t)at, SEEK_DATA);

		if (data < 0 && errno != ENXIO && at < diff->disks[i].size)
			data = (off_t)at;
		if (data >= 0 && (unsigned long long)data < next)
			next = (unsigned long long)data;
	}
	return next / STEP * STEP;
}

// Behind its end a disk is zeroes.
static int read_chunk(const struct disk *disk, unsigned long long at, char *chunk,
		      struct error *err)
{
	size_t done = 0;

	memset(chunk, 0, CHUNK);
	while (done < CHUNK) {
		ssize_t got = pread(disk->fd, chunk + done, CHUNK - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(err, errno, "cannot read '%s'", disk->operand.name);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return 0;
}

static void add_step(struct diff *diff, unsigned long long at)
{
	struct extent *last = diff->count ? &diff->extents[diff->count - 1] : NULL;

	if (last && last->offset + last->length == at) {
		last->length += STEP;
		return;
	}
	if (!diff->extents || (diff->count & (diff->count - 1)) == 0)
		diff->extents = memory_resize(diff->extents, diff->count ? diff->count * 2 : 1,
					      sizeof(*diff->extents));
	diff->extents[diff->count++] = (struct extent){at, STEP};
}

static int find_extents(struct diff *diff, struct error *err)
{
	unsigned long long first = diff->disks[0].size, second = diff->disks[1].size;
	unsigned long long end = first > second ? first : second;
	auto_free char *chunks = memory_new(2, CHUNK);

	for (unsigned long long at = next_data(diff, 0); at < end;
	     at = next_data(diff, at + CHUNK)) {
		if (interrupt_check(err) < 0 || read_chunk(&diff->disks[0], at, chunks, err) < 0 ||
		    read_chunk(&diff->disks[1], at, chunks + CHUNK, err) < 0)
			return -1;
		for (size_t i = 0; i < CHUNK; i += STEP)
			if (memcmp(chunks + i, chunks + CHUNK + i, STEP) != 0)
				add_step(diff, at + i);
	}
	return 0;
}

// FILES are sorted; one can be named twice.
static void report_files(struct call *call, const struct list files[2])
{
	size_t i = 0, j = 0;

	report_list(call->report, "files", TABLE_RULED, 0);
	while (i < files[0].count || j < files[1].count) {
		int order = i == files[0].count   ? 1
			    : j == files[1].count ? -1
						  : strcmp(files[0].items[i], files[1].items[j]);
		const char *path = order <= 0 ? files[0].items[i] : files[1].items[j];

		report_row(call->report,
			   (struct value[]){value_text(path), value_text(order < 0   ? "first"
									 : order > 0 ? "second"
										     : "both")});
		while (i < files[0].count && text_equal(files[0].items[i], path))
			i++;
		while (j < files[1].count && text_equal(files[1].items[j], path))
			j++;
	}
}

// Whether files are looked for.
static bool are_wanted(struct call *call, const struct diff *diff)
{
	return diff->count && !argument_flag(call, "extents") &&
	       (diff_files_possible() || diff_guestfish_possible());
}

// That guestfish fails is no failure: the extents are told.
static int ask_guestfish(struct call *call, struct diff *diff, const struct diff_disk disks[2],
			 struct error *err)
{
	auto_error struct error own = {0};

	if (!diff_guestfish_possible() || !diff_guestfish_wanted(disks, diff->extents, diff->count))
		return 0;
	if (make_scratch(diff, &own) == 0 &&
	    diff_guestfish_find(disks, diff->extents, diff->count, diff->scratch, diff->files,
				&own) == 0)
		return 0;
	if (own.status < STATUS_SIGNAL)
		call_warning(call, "guestfish could not read the file systems: %s%s%s", own.message,
			     own.reason ? ": " : "", own.reason ? own.reason : "");
	return interrupt_check(err);
}

static int find_files(struct call *call, struct diff *diff, struct error *err)
{
	struct diff_disk disks[2];

	for (size_t i = 0; i < 2; i++) {
		disks[i] = (struct diff_disk){diff->disks[i].path, diff->disks[i].fd,
					      diff->disks[i].size};
		if (diff_files_possible())
			diff_files_find(&disks[i], diff->extents, diff->count, &diff->files[i]);
	}
	if (ask_guestfish(call, diff, disks, err) < 0)
		return -1;
	list_sort(&diff->files[0]);
	list_sort(&diff->files[1]);
	return 0;
}

static void report_diff(struct call *call, const struct diff *diff)
{
	unsigned long long bytes = 0;
	auto_free char *shown = NULL;

	report_list(call->report, "extents", TABLE_RULED, 0);
	for (size_t i = 0; i < diff->count; i++) {
		bytes += diff->extents[i].length;
		report_row(call->report, (struct value[]){value_unsigned(diff->extents[i].offset),
							  value_unsigned(diff->extents[i].length)});
	}
	shown = size_text(bytes);
	report_message(call->report, "%s differ%s.\n", diff->count ? shown : "No bytes",
		       diff->disks[0].size == diff->disks[1].size ? ""
								  : "; the sizes of the disks do");
	if (are_wanted(call, diff))
		report_files(call, diff->files);
	report_value(call->report, "first_size", value_unsigned(diff->disks[0].size));
	report_value(call->report, "second_size", value_unsigned(diff->disks[1].size));
}

static int diff(struct call *call, struct error *err)
{
	auto_diff struct diff diff = {.disks = {{.operand = OPERAND_NONE, .fd = -1},
						{.operand = OPERAND_NONE, .fd = -1}}};

	if (open_disk(call, &diff, 0, err) < 0 || open_disk(call, &diff, 1, err) < 0 ||
	    find_extents(&diff, err) < 0 ||
	    (are_wanted(call, &diff) && find_files(call, &diff, err) < 0))
		return error_wrap(err, "cannot tell how '%s' and '%s' differ",
				  argument_text(call, "first"), argument_text(call, "second"));
	report_diff(call, &diff);
	call->status =
		diff.count || diff.disks[0].size != diff.disks[1].size ? STATUS_CHANGES : STATUS_OK;
	return 0;
}

static const struct option diff_options[] = {
	FORMAT_AS('f', "format", "format of the first (default: its first bytes tell)"),
	FORMAT_AS('F', "second-format", "format of the second"),
	FLAG("extents", 0, "do not look for the files that lie there"),
	FORCE_SHARE,
	YES,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "first",
	 .help = "image that is compared"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "second",
	 .help = "the one that it is compared with"},
	END,
};

// clang-format off
static const struct field diff_extents[] = {
	FIELD("offset", "Offset", FIELD_BYTES, 0, "where it begins on the disk"),
	FIELD("length", "Length", FIELD_BYTES, 0, "how long it is, in steps of 512"),
	FIELDS_END,
};

static const struct field diff_files[] = {
	FIELD("path", "File", FIELD_TEXT, 0, "path in its file system"),
	FIELD("in", "In", FIELD_TEXT, 0, "first, second or both: whose file differs or has blocks that do"),
	FIELDS_END,
};

static const struct field diff_results[] = {
	FIELD_OF("extents", FIELD_LIST, 0, diff_extents, "where the disks differ"),
	FIELD_OF("files", FIELD_LIST, FIELD_ASKED, diff_files,
		 "files that lie there, where debugfs or guestfish is installed"),
	FIELD("first_size", NULL, FIELD_BYTES, 0, "size of the first disk"),
	FIELD("second_size", NULL, FIELD_BYTES, 0, "size of the second disk"),
	FIELDS_END,
};
// clang-format on

const struct command img_diff_command = {
	.name = "diff",
	.options = diff_options,
	.results = diff_results,
	.summary = "show where two disks differ, and which files lie there",
	.description =
		"Compares what the guests of two images see, of whatever formats, and lists the "
		"extents that differ; where debugfs is installed, also the files, directories and "
		"links of ext file systems (on the disk itself or in its partitions) that have "
		"blocks there. Where guestfish is installed, it compares the contents of all files "
		"on the XFS, Btrfs, NTFS and FAT file systems and the logical volumes in which "
		"something differs: this takes seconds, and minutes without KVM or for large ones. "
		"Status 10 where they differ.",
	.run = diff,
};
