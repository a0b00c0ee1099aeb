// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/extract.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "image/destination.h"
#include "image/image.h"
#include "image/image_lock.h"
#include "image/qemu_img.h"
#include "image/resolve.h"
#include "output/json.h"

static bool has_snapshot(const struct image *image, const char *name)
{
	for (size_t i = 0; i < json_count(image->snapshots); i++)
		if (text_equal(json_get_text(json_at(image->snapshots, i), "name"), name))
			return true;
	return false;
}

// In a list of options a comma stands for itself where it is doubled. The caller's.
static char *snapshot_option(const char *name)
{
	struct text option = {0};

	text_append(&option, "snapshot.name=");
	for (; *name; name++) {
		text_append_char(&option, *name);
		if (*name == ',')
			text_append_char(&option, ',');
	}
	return text_take(&option);
}

static int convert(const struct extraction *extraction, const struct image *image,
		   const struct destination *destination, struct error *err)
{
	auto_free char *snapshot = snapshot_option(extraction->snapshot);
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	qemu_img_begin(&qemu_img, "convert");
	destination_allow(destination, &qemu_img.confinement);
	resolve_image(extraction->source, image->format, RESOLVE_READ, &qemu_img.confinement);
	qemu_img_hear(&qemu_img, extraction->hear, extraction->data);
	qemu_img_option(&qemu_img, "-f", image->format);
	qemu_img_option(&qemu_img, "-O", image->format);
	qemu_img_option(&qemu_img, "-l", snapshot);
	qemu_img_file(&qemu_img, extraction->source);
	qemu_img_file(&qemu_img, destination->path);
	return qemu_img_must(&qemu_img, &answer, err);
}

int extract_snapshot(const struct extraction *extraction, struct error *err)
{
	auto_image_lock struct image_lock lock = IMAGE_LOCK_NONE;
	auto_image struct image image = {0};
	auto_destination struct destination destination = DESTINATION_NONE;
	auto_location struct location target = {0};
	struct destination_wish wish = {.location = &target, .replace = extraction->replace};

	if (image_lock_take(extraction->source, IMAGE_LOCK_SOURCE, &lock, err) < 0 ||
	    image_read(extraction->source, extraction->format, &image, err) < 0)
		return -1;
	if (!has_snapshot(&image, extraction->snapshot)) {
		error_set(err, STATUS_NOT_FOUND, "'%s' has no snapshot '%s'", extraction->source,
			  extraction->snapshot);
		return error_hint(err, "vm-img snapshot -l -- '%s' lists those there are",
				  extraction->source);
	}
	wish.format = image.format;
	location_find(extraction->target, false, &target);
	if (destination_begin(&wish, &destination, err) < 0 ||
	    convert(extraction, &image, &destination, err) < 0 || image_lock_check(&lock, err) < 0)
		return error_wrap(err, "cannot copy the snapshot '%s' of '%s'",
				  extraction->snapshot, extraction->source);
	return destination_commit(&destination, true, err);
}
