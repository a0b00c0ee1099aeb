// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/create.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "image/create_line.h"
#include "image/destination.h"
#include "image/image.h"
#include "image/location.h"
#include "image/path.h"
#include "image/qcow2_write.h"
#include "image/qemu_img.h"
#include "image/settings.h"
#include "image/space.h"
#include "image/sparse.h"

// What the creation comes to when its settings and its backing file have been looked at.
struct work {
	const struct creation *creation;
	const char *format;
	struct location location;
	struct settings settings;
	unsigned long long size;  // of the disk, in whole sectors
	unsigned long long asked; // as it was given
	const char *backing_file;
	bool told_by_backing; // whose size only qemu-img reads
	char *backing_format;
	struct destination destination;
};

static void work_clear(struct work *work)
{
	location_clear(&work->location);
	settings_clear(&work->settings);
	destination_clear(&work->destination);
	free(work->backing_format);
}
#define auto_work __attribute__((cleanup(work_clear)))

static const char *setting_or(const struct settings *settings, const char *name, const char *given)
{
	return given ? given : settings_get(settings, name);
}

// The file that a backing file's name means in the header of the image PATH; NULL where it is none.
static char *local_backing(const char *path, const char *backing)
{
	auto_free char *beside = path_beside(path, backing);

	return path_is_remote(beside) ? NULL : take(&beside);
}

static int read_backing(const char *path, const char *backing, const char *format,
			struct image *image, struct error *err)
{
	auto_free char *file = local_backing(path, backing);

	if (!file || image_read(file, format, image, err) == 0)
		return 0;
	return error_wrap(err, "cannot use the backing file '%s'", backing);
}

int create_refuse_format(const char *path, const char *backing, struct error *err)
{
	auto_image struct image image = {0};

	if (read_backing(path, backing, NULL, &image, err) < 0)
		return -1;
	error_set(err, STATUS_USAGE, "the format of the backing file '%s' is not given", backing);
	if (!image.format)
		return error_hint(err, "-F FORMAT gives it");
	return error_hint(err,
			  "-F %s gives it, if that is right: its content looks like it, which "
			  "a guest can have written",
			  image.format);
}

// A file cannot be below itself: what is replaced would be gone when it is read.
static int check_not_itself(const struct work *work, struct error *err)
{
	auto_free char *path = local_backing(work->location.word, work->backing_file);
	struct stat target, backing;

	if (!path || !work->location.exists || stat(work->location.path, &target) < 0 ||
	    stat(path, &backing) < 0 || target.st_dev != backing.st_dev ||
	    target.st_ino != backing.st_ino)
		return 0;
	return error_set(err, STATUS_CONFLICT, "'%s' cannot be its own backing file",
			 work->creation->path);
}

static int say_missing(const struct work *work, struct error *err)
{
	if (err->status != STATUS_NOT_FOUND)
		return -1;
	return qemu_img_say(err,
			    "%s: Could not open '%s': No such file or directory\n"
			    "Could not open backing image.",
			    work->creation->path, work->backing_file);
}

static int find_backing(struct work *work, struct error *err)
{
	const struct creation *creation = work->creation;
	const struct settings *settings = &work->settings;
	const char *format = setting_or(settings, "backing_fmt", creation->backing_format);
	auto_image struct image backing = {0};

	work->backing_file = setting_or(settings, "backing_file", creation->backing_file);
	if (!work->backing_file)
		return format ? error_set(err, STATUS_USAGE,
					  "a backing format without a backing file")
			      : 0;
	if (check_not_itself(work, err) < 0)
		return -1;
	if (!format) {
		create_refuse_format(work->location.word, work->backing_file, err);
		return say_missing(work, err);
	}
	work->backing_format = text_copy(format);
	// What cannot be looked at is taken at its word.
	if (creation->unchecked)
		return 0;
	if (read_backing(work->location.word, work->backing_file, format, &backing, err) < 0)
		return say_missing(work, err);
	work->told_by_backing = backing.opaque;
	if (!work->asked)
		work->asked = backing.virtual_size;
	return 0;
}

static int find_size(struct work *work, struct error *err)
{
	const struct creation *creation = work->creation;

	if (creation->sized && settings_get(&work->settings, "size"))
		return error_set(err, STATUS_USAGE, "the size is given twice");
	return settings_number(&work->settings, "size", creation->size, &work->asked, err);
}

// QEMU's disks are made of sectors.
static int round_size(struct work *work, struct error *err)
{
	if (work->asked > LLONG_MAX - 511)
		return error_set(err, STATUS_USAGE, "no image can have %llu bytes", work->asked);
	work->size = (work->asked + 511) / 512 * 512;
	return 0;
}

static bool size_known(const struct work *work)
{
	return work->creation->sized || settings_get(&work->settings, "size") ||
	       (work->backing_file && work->asked);
}

static int prepare(struct work *work, struct error *err)
{
	const struct list *texts = work->creation->settings;

	for (size_t i = 0; texts && i < texts->count; i++)
		if (settings_add(&work->settings, texts->items[i], err) < 0)
			return -1;
	if (work->creation->preallocation)
		settings_set(&work->settings, "preallocation", work->creation->preallocation);
	location_find(work->creation->path, false, &work->location);
	if (find_size(work, err) < 0 || find_backing(work, err) < 0 || round_size(work, err) < 0)
		return -1;
	if (work->backing_file && text_equal(work->format, IMAGE_RAW))
		return error_set(err, STATUS_USAGE, "a raw image has no backing file");
	if (!size_known(work) && !work->told_by_backing &&
	    !(work->backing_file && path_is_remote(work->backing_file)))
		return error_set(err, STATUS_USAGE, "the size of '%s' is needed",
				 work->creation->path);
	return 0;
}

// What qemu-img would say of it; LINE is handed over.
static void say(struct work *work, char *line)
{
	if (work->creation->line) {
		free(*work->creation->line);
		*work->creation->line = line;
		return;
	}
	free(line);
}

// Whether the disk is to be taken for all of it now.
static bool takes_all(const struct work *work)
{
	const char *mode = settings_get(&work->settings, "preallocation");

	return text_equal(mode, "full") || text_equal(mode, "falloc") ||
	       text_equal(settings_get(&work->settings, "static"), "on") ||
	       text_equal(settings_get(&work->settings, "subformat"), "fixed");
}

// A raw image is a file of its size. 1: only qemu-img does what is asked for.
static int write_raw(struct work *work, struct error *err)
{
	const char *mode = settings_get(&work->settings, "preallocation");
	size_t known = (settings_get(&work->settings, "size") != NULL) + (mode != NULL);
	int failed;

	if (work->settings.names.count > known ||
	    (mode && !text_equal(mode, "off") && !text_equal(mode, "falloc")))
		return 1;
	if (text_equal(mode, "falloc") && work->size)
		failed = posix_fallocate(work->destination.file.fd, 0, (off_t)work->size);
	else
		failed = ftruncate(work->destination.file.fd, (off_t)work->size) < 0 ? errno : 0;
	if (failed)
		return error_set_errno(err, failed, "cannot make '%s' of %llu bytes",
				       work->creation->path, work->size);
	if (!text_equal(mode, "falloc"))
		sparse_keep_first(work->destination.file.fd, work->size);
	say(work, create_line_raw(work->creation->path, &work->settings, work->asked));
	return 0;
}

static int write_qcow2(struct work *work, struct error *err)
{
	struct qcow2_plan plan = {.size = work->size,
				  .backing_file = work->backing_file,
				  .backing_format = work->backing_format};
	int result = 1;

	if (qcow2_plan(&work->settings, &plan))
		result = qcow2_write(work->destination.file.fd, &plan, err);
	if (!result)
		say(work,
		    create_line_qcow2(work->creation->path, &work->settings, &plan, work->asked));
	return result;
}

// What is written here, without a child. 1: it is for qemu-img.
static int write_directly(struct work *work, struct error *err)
{
	if (work->creation->objects && work->creation->objects->count)
		return 1;
	if (text_equal(work->format, IMAGE_RAW))
		return write_raw(work, err);
	if (text_equal(work->format, IMAGE_QCOW2) && size_known(work))
		return write_qcow2(work, err);
	return 1;
}

// qemu-img's line, with the name that the user knows.
static void say_as_qemu_img(struct work *work, const char *output)
{
	const char *rest = strstr(output, "', fmt=");
	auto_free char *line = NULL;

	if (!text_begins(output, "Formatting '") || !rest)
		return;
	line = text_format("Formatting '%s%.*s", work->creation->path, (int)strcspn(rest, "\n"),
			   rest);
	say(work, take(&line));
}

static void hear_growth(void *data)
{
	const struct work *work = data;
	struct stat status;

	if (stat(work->destination.path, &status) == 0)
		work->creation->hear(work->creation->data,
				     (unsigned long long)status.st_blocks * 512);
}

// SETTING unless the settings have it by themselves.
static const char *unless_set(const struct work *work, const char *name, const char *setting)
{
	return settings_get(&work->settings, name) ? NULL : setting;
}

static void build(struct work *work, struct qemu_img *qemu_img)
{
	const struct list *objects = work->creation->objects;
	auto_free char *settings = settings_text(&work->settings);
	auto_free char *size = size_known(work) ? text_format("%llu", work->asked) : NULL;

	qemu_img_begin(qemu_img, "create");
	destination_allow(&work->destination, &qemu_img->confinement);
	for (size_t i = 0; objects && i < objects->count; i++)
		qemu_img_option(qemu_img, "--object", objects->items[i]);
	qemu_img_option(qemu_img, "-f", work->format);
	if (work->creation->unchecked)
		qemu_img_word(qemu_img, "-u");
	qemu_img_option(qemu_img, "-o", *settings ? settings : NULL);
	qemu_img_option(qemu_img, "-b", unless_set(work, "backing_file", work->backing_file));
	if (work->backing_file)
		qemu_img_option(qemu_img, "-F",
				unless_set(work, "backing_fmt", work->backing_format));
	if (work->destination.in_place)
		qemu_img_word(qemu_img, work->location.word);
	else
		qemu_img_file(qemu_img, work->destination.path);
	if (size && unless_set(work, "size", size))
		qemu_img_word(qemu_img, size);
	qemu_img->data = work;
	if (work->creation->hear && takes_all(work))
		qemu_img->tick = hear_growth;
}

static int write_with_qemu_img(struct work *work, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	build(work, &qemu_img);
	if (qemu_img_run(&qemu_img, &answer, err) < 0)
		return -1;
	// It says so before it tries.
	say_as_qemu_img(work, answer.output);
	return answer.exit_status ? qemu_img_failure(&answer, err) : 0;
}

// Only QEMU can write to a device, and knows its formats of several files.
static int write_image(struct work *work, struct error *err)
{
	const struct destination *destination = &work->destination;
	int result = destination->file.fd < 0 ? 1 : write_directly(work, err);

	if (result == 1)
		result = write_with_qemu_img(work, err);
	if (result < 0)
		destination_name_error(destination, work->creation->path, err);
	return result;
}

static int make(struct work *work, struct image *made, struct error *err)
{
	const struct creation *creation = work->creation;
	const struct destination_wish wish = {
		.location = &work->location,
		.format = work->format,
		.settings = &work->settings,
		.replace = creation->replace,
		.backing = work->backing_file,
	};

	if ((takes_all(work) && space_check(work->location.word, work->size, err) < 0) ||
	    destination_begin(&wish, &work->destination, err) < 0 || write_image(work, err) < 0)
		return -1;
	// What qemu-img takes for a format and is none, such as "file", is not looked at.
	if (location_is_local(&work->location) && image_format_known(work->format) &&
	    image_read(work->destination.path, work->format, made, err) < 0)
		return -1;
	return destination_commit(&work->destination, !text_equal(work->format, IMAGE_RAW), err);
}

int create_image(const struct creation *creation, struct image *made, struct error *err)
{
	auto_work struct work work = {.creation = creation,
				      .format = creation->format ? creation->format : IMAGE_RAW,
				      .destination = DESTINATION_NONE};
	auto_image struct image read = {0};

	if (prepare(&work, err) < 0)
		return -1;
	if (make(&work, &read, err) < 0)
		return error_wrap(err, "cannot create '%s'", creation->path);
	if (made) {
		*made = read;
		read = (struct image){0};
	}
	return 0;
}
