// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/clone.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "image/create.h"
#include "image/image.h"
#include "image/image_lock.h"
#include "image/path.h"
#include "image/qemu_img.h"
#include "image/resolve.h"
#include "image/source.h"
#include "image/space.h"
#include "output/json.h"

// A clone that is being made: what it is made of, which holds still meanwhile.
struct work {
	const struct cloning *cloning;
	struct image_lock lock;
	struct image image;
};

static void work_clear(struct work *work)
{
	image_clear(&work->image);
	image_lock_release(&work->lock);
}
#define auto_work __attribute__((cleanup(work_clear)))

// 1: the file system cannot share these blocks.
static int reflink(int from, int to, const char *name, struct error *err)
{
	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	if (errno == EOPNOTSUPP || errno == ENOTTY || errno == EXDEV || errno == EINVAL ||
	    errno == ENOSYS || errno == EPERM)
		return 1;
	return error_set_errno(err, errno, "cannot write '%s'", name);
}

// A name relative to the old directory means nothing in another one.
static int keep_backing(const struct cloning *cloning, const struct image *image,
			const struct staged_file *file, struct error *err)
{
	auto_free char *old = NULL, *there = NULL, *absolute = NULL;
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	if (!image->backing_file || *image->backing_file == '/' ||
	    path_is_remote(image->backing_file))
		return 0;
	old = path_beside(cloning->source, image->backing_file);
	there = path_beside(file->target, image->backing_file);
	absolute = realpath(old, NULL);
	if (!absolute || text_equal(old, there))
		return 0;
	qemu_img_begin(&qemu_img, "rebase");
	resolve_staged(file, &qemu_img.confinement);
	qemu_img_word(&qemu_img, "-u");
	qemu_img_option(&qemu_img, "-f", image->format);
	qemu_img_option(&qemu_img, "-b", absolute);
	qemu_img_option(&qemu_img, "-F", image->backing_format);
	qemu_img_file(&qemu_img, file->inner);
	return qemu_img_must(&qemu_img, &answer, err);
}

static int copy(const struct cloning *cloning, const struct source *source, int to,
		struct error *err)
{
	unsigned long long room = cloning->allocate ? source->size : source->allocated;
	int number;

	if (space_check(cloning->target, room, err) < 0 ||
	    sparse_copy(source->fd, to, source->size, cloning->target, cloning->listener, err) < 0)
		return -1;
	number = cloning->allocate ? posix_fallocate(to, 0, (off_t)source->size) : 0;
	return number ? error_set_errno(err, number, "cannot write '%s'", cloning->target) : 0;
}

// The same bytes in another file. 1: not by this method.
static int duplicate(const struct work *work, enum clone_method method, struct error *err)
{
	const struct cloning *cloning = work->cloning;
	auto_image_lock struct image_lock old = IMAGE_LOCK_NONE;
	struct staging staging = {.target = cloning->target, .replace = cloning->replace};
	auto_source struct source source = {0};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	int result;

	if (source_open(cloning->source, &source, err) < 0)
		return -1;
	// The copy is for nobody who may not read the first.
	staging.mode = source.block ? 0600 : source.mode & 0666;
	if (staged_file_begin(&staging, &file, err) < 0 ||
	    image_lock_take_old(&file, &old, err) < 0)
		return -1;
	if (method == CLONE_REFLINK)
		result = reflink(source.fd, file.fd, cloning->target, err);
	else
		result = copy(cloning, &source, file.fd, err);
	if (result != 0)
		return result;
	if (keep_backing(cloning, &work->image, &file, err) < 0 ||
	    image_lock_check(&work->lock, err) < 0)
		return -1;
	return image_lock_replace(&old, &file, true, err);
}

static int overlay(const struct cloning *cloning, const struct image *image, struct error *err)
{
	auto_free char *absolute = realpath(cloning->source, NULL);
	struct creation creation = {
		.path = cloning->target,
		.format = IMAGE_QCOW2,
		.backing_file = absolute,
		.backing_format = image->format,
		.replace = cloning->replace,
	};

	if (!absolute)
		return error_set_errno(err, errno, "cannot open '%s'", cloning->source);
	return create_image(&creation, NULL, err);
}

// An overlay can be made wherever QEMU reads the source without a secret.
static bool can_stand_on(const struct image *image)
{
	return !image->encrypted && !text_equal(image->format, "luks");
}

static int clone_by(const struct work *work, enum clone_method method, struct error *err)
{
	if (method == CLONE_OVERLAY)
		return can_stand_on(&work->image) ? overlay(work->cloning, &work->image, err) : 1;
	return duplicate(work, method, err);
}

static int refuse(const struct cloning *cloning, struct error *err)
{
	if (cloning->method == CLONE_OVERLAY)
		return error_set(err, STATUS_CONFLICT,
				 "'%s' is encrypted: an overlay of it would need its secret",
				 cloning->source);
	error_set(err, STATUS_CONFLICT, "the file system cannot share the blocks of '%s' with '%s'",
		  cloning->source, cloning->target);
	return error_hint(err, "Btrfs and XFS can, within one file system; "
			       "--method overlay is as quick");
}

// A copy would be another name for the same data, so that the two destroy each other.
static bool has_other_files(const struct image *image)
{
	return json_get(image->details, "data-file") ||
	       image_format_has(image->format, IMAGE_SEVERAL);
}

static int refuse_other_files(const struct cloning *cloning, struct error *err)
{
	error_set(err, STATUS_CONFLICT, "'%s' may keep its data in other files", cloning->source);
	return error_hint(err, "--method overlay, or vm-img convert");
}

int clone_image(const struct cloning *cloning, enum clone_method *used, struct error *err)
{
	auto_work struct work work = {.cloning = cloning, .lock = IMAGE_LOCK_NONE};
	enum clone_method first = cloning->method, last = cloning->method;
	int result = 1;

	if (image_lock_take(cloning->source, IMAGE_LOCK_SOURCE, &work.lock, err) < 0)
		return error_wrap(err, "cannot clone '%s'", cloning->source);
	if (image_read(cloning->source, cloning->format, &work.image, err) < 0)
		return -1;
	if (cloning->method == CLONE_ALONE) {
		first = cloning->allocate ? CLONE_COPY : CLONE_REFLINK;
		last = CLONE_COPY;
	} else if (cloning->method == CLONE_ANY) {
		first = has_other_files(&work.image) ? CLONE_OVERLAY : CLONE_REFLINK;
		last = has_other_files(&work.image) ? CLONE_OVERLAY : CLONE_COPY;
	}
	if (first != CLONE_OVERLAY && has_other_files(&work.image))
		return refuse_other_files(cloning, err);
	for (enum clone_method method = first; method <= last && result == 1; method++) {
		if (method == CLONE_OVERLAY && cloning->method == CLONE_ALONE)
			continue;
		result = clone_by(&work, method, err);
		*used = method;
	}
	if (result == 1)
		result = refuse(cloning, err);
	return result < 0 ? error_wrap(err, "cannot clone '%s'", cloning->source) : 0;
}

int clone_content(const char *path, int fd, const char *name, struct sparse_listener listener,
		  struct error *err)
{
	auto_source struct source source = {0};
	int result;

	if (source_open(path, &source, err) < 0)
		return -1;
	result = reflink(source.fd, fd, name, err);
	if (result != 1)
		return result;
	if (space_check(name, source.allocated, err) < 0)
		return -1;
	return sparse_copy(source.fd, fd, source.size, name, listener, err);
}
