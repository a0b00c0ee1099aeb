// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/live.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vm-img/vmctl.h"
#include "output/json.h"

struct disk {
	char *guest, *target;
	bool below; // it is only what the disk stands on
};

static void disk_clear(struct disk *disk)
{
	free(disk->guest);
	free(disk->target);
}
#define auto_disk __attribute__((cleanup(disk_clear)))

static bool is_file(const struct json *row, const struct stat *wanted)
{
	const char *file = json_get_text(row, "file");
	struct stat status;

	return file && stat(file, &status) == 0 && status.st_dev == wanted->st_dev &&
	       status.st_ino == wanted->st_ino;
}

static void look_at_row(const struct json *row, const struct stat *wanted, struct disk *disk)
{
	bool below = json_get_boolean(row, "backing");

	if (text_equal(json_get_text(row, "state"), "off") || !is_file(row, wanted) ||
	    (disk->guest && (below || !disk->below)))
		return;
	disk_clear(disk);
	*disk = (struct disk){.guest = text_copy(json_get_text(row, "name")),
			      .target = text_copy(json_get_text(row, "use")),
			      .below = below};
}

// The guest that runs on the image, and which disk of it that is.
static int find_disk(struct call *call, const char *path, struct disk *disk, struct error *err)
{
	auto_list struct list words = {0};
	auto_json struct json *rows = NULL;
	struct stat wanted;

	list_add(&words, "domfiles");
	if (stat(path, &wanted) < 0)
		return error_set(err, STATUS_NOT_FOUND, "there is no file '%s'", path);
	rows = vmctl_ask(call, &words, VMCTL_TIMEOUT, err);
	if (!rows)
		return error_wrap(err, "cannot ask libvirt which guest uses it");
	for (size_t i = 0; i < json_count(rows); i++)
		look_at_row(json_at(rows, i), &wanted, disk);
	if (!disk->guest) {
		error_set(err, STATUS_CONFLICT, "no running guest uses it");
		return error_hint(err, "without --live it is done here");
	}
	if (disk->below)
		return error_set(err, STATUS_CONFLICT,
				 "guest '%s' does not write to it: it is only below its disk %s",
				 disk->guest, disk->target);
	return 0;
}

static int run(struct call *call, const struct disk *disk, struct list *words, struct error *err)
{
	auto_json struct json *answer = NULL;

	list_add_format(words, "--domain=%s", disk->guest);
	list_add_format(words, "--path=%s", disk->target);
	list_add(words, "--wait");
	answer = vmctl_ask(call, words, 0, err);
	if (answer)
		return 0;
	error_wrap(err, "guest '%s' cannot do it", disk->guest);
	return error_hint(err, "$vmctl blockjob -- '%s' '%s' shows what goes on there", disk->guest,
			  disk->target);
}

int live_flatten(struct call *call, const char *path, char **guest, struct error *err)
{
	auto_disk struct disk disk = {0};
	auto_list struct list words = {0};

	list_add(&words, "blockpull");
	if (find_disk(call, path, &disk, err) < 0 || run(call, &disk, &words, err) < 0)
		return -1;
	*guest = take(&disk.guest);
	return 0;
}

int live_commit(struct call *call, const char *path, const char *base, char **guest,
		struct error *err)
{
	auto_disk struct disk disk = {0};
	auto_list struct list words = {0};

	list_add(&words, "blockcommit");
	list_add(&words, "--active");
	list_add(&words, "--pivot");
	if (base)
		list_add_format(&words, "--base=%s", base);
	else
		list_add(&words, "--shallow");
	if (find_disk(call, path, &disk, err) < 0 || run(call, &disk, &words, err) < 0)
		return -1;
	*guest = take(&disk.guest);
	return 0;
}
