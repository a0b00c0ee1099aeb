// SPDX-License-Identifier: GPL-3.0-or-later
// Giving back the room that zeroes take.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/vmctl.h"
#include "cmd/vm-img/waiting.h"
#include "image/chain.h"
#include "image/image_lock.h"
#include "image/neighbours.h"
#include "image/qemu_img.h"
#include "image/resolve.h"
#include "image/sparse.h"
#include "image/users.h"
#include "output/json.h"
#include "output/report.h"

static int punch(struct call *call, const char *path, const struct image *image, struct error *err)
{
	auto_progress struct progress *progress = waiting_bar(call);
	struct sparse_listener listener = {waiting_hear, progress};
	auto_image_lock struct image_lock lock = IMAGE_LOCK_NONE;

	if (image_lock_take(path, IMAGE_LOCK_CHANGE, &lock, err) < 0)
		return -1;
	image_lock_guard(&lock);
	progress_total(progress, image->allocated);
	return sparse_punch(&lock, image->file_size, listener, err);
}

static void add_setting(struct text *settings, const struct json *details, const char *fact,
			const char *setting)
{
	const struct json *value = json_get(details, fact);
	auto_free char *shown = value ? value_string(json_value(value)) : NULL;

	if (text_equal(shown, "yes") || text_equal(shown, "true"))
		text_append_format(settings, ",%s=on", setting);
	else if (shown && !text_equal(shown, "no") && !text_equal(shown, "false"))
		text_append_format(settings, ",%s=%s", setting, shown);
}

// The new image is made as the old one was.
static char *settings_of(const struct image *image)
{
	static const char *const names[][2] = {
		{"compat", "compat"},
		{"refcount-bits", "refcount_bits"},
		{"lazy-refcounts", "lazy_refcounts"},
		{"extended-l2", "extended_l2"},
		{"compression-type", "compression_type"},
	};
	struct text settings = {0};

	text_append_format(&settings, "cluster_size=%llu", image->cluster_size);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add_setting(&settings, image->details, names[i][0], names[i][1]);
	return text_take(&settings);
}

static int convert(struct call *call, const struct chain *chain, const struct staged_file *file,
		   struct error *err)
{
	auto_progress struct progress *progress = waiting_bar(call);
	const struct image *image = &chain->links[0].image;
	auto_free char *settings = settings_of(image);
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	qemu_img_begin(&qemu_img, "convert");
	resolve_staged(file, &qemu_img.confinement);
	resolve_image(chain->links[0].path, image->format, RESOLVE_READ, &qemu_img.confinement);
	qemu_img_hear(&qemu_img, waiting_hear_part, progress);
	if (argument_flag(call, "compress"))
		qemu_img_word(&qemu_img, "-c");
	qemu_img_option(&qemu_img, "-f", image->format);
	qemu_img_option(&qemu_img, "-O", image->format);
	qemu_img_option(&qemu_img, "-o", settings);
	qemu_img_option(&qemu_img, "-B", image->backing_file);
	if (image->backing_file)
		qemu_img_option(&qemu_img, "-F",
				image->backing_format ? image->backing_format
						      : chain->links[1].image.format);
	qemu_img_file(&qemu_img, chain->links[0].path);
	qemu_img_file(&qemu_img, file->inner);
	return qemu_img_must(&qemu_img, &answer, err);
}

// A qcow2 image is written anew beside itself; if that is no smaller, it stays as it is.
static int rewrite(struct call *call, const struct chain *chain, struct image_lock *lock,
		   struct error *err)
{
	const struct image *image = &chain->links[0].image;
	const char *path = chain->links[0].path;
	struct staging staging = {.target = path, .replace = true};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	auto_image struct image made = {0};
	auto_list struct list beside = {0};

	neighbours_find(path, image->backing_file, &beside);
	staging.beside = (const char *const *)beside.items;
	if (staged_file_begin(&staging, &file, err) < 0 || staged_file_keep(&file, err) < 0 ||
	    convert(call, chain, &file, err) < 0 ||
	    image_read(file.path, image->format, &made, err) < 0)
		return -1;
	return made.allocated < image->allocated ? image_lock_replace(lock, &file, true, err) : 0;
}

// What a new image would not have.
static int check_rewrite(const struct chain *chain, struct error *err)
{
	const struct image *image = &chain->links[0].image;

	if (!text_equal(image->format, IMAGE_QCOW2)) {
		error_set(err, STATUS_CONFLICT, "only raw and qcow2 images are sparsified, not %s",
			  image->format);
		return error_hint(err, "vm-img convert -O %s writes a new one", image->format);
	}
	if (image->encrypted || json_get(image->details, "data-file"))
		return error_set(err, STATUS_CONFLICT,
				 "it is encrypted or keeps its data in another file");
	if (json_count(image->snapshots) || json_count(json_get(image->details, "bitmaps"))) {
		error_set(err, STATUS_CONFLICT,
			  "it has internal snapshots or bitmaps, which would be lost");
		return error_hint(err, "vm-img snapshot -d and vm-img bitmap --remove delete them");
	}
	if (chain->remote)
		return error_set(err, STATUS_CONFLICT, "its backing file '%s' is not a local file",
				 chain->remote);
	return 0;
}

// The name of the guest that has it open, the caller's; NULL where none does.
static char *running_guest(const char *path)
{
	auto_users struct users users = {0};

	if (!users_any(path))
		return NULL;
	users_find(&path, 1, &users);
	for (size_t i = 0; i < users.count; i++)
		if (users.all[i].guest && users.all[i].writes)
			return text_copy(users.all[i].guest);
	return NULL;
}

// Only the guest knows what it does not need any more.
static int trim(struct call *call, const char *guest, struct error *err)
{
	auto_list struct list words = {0};
	auto_json struct json *answer = NULL;

	list_add(&words, "domfstrim");
	list_add_format(&words, "--domain=%s", guest);
	answer = vmctl_ask(call, &words, 0, err);
	if (answer)
		return 0;
	error_wrap(err, "guest '%s' runs on it and cannot be asked to trim", guest);
	return error_hint(err, "the guest needs qemu-guest-agent, and its disk discard='unmap'; or "
			       "shut it down first");
}

static int sparsify_by(struct call *call, const struct chain *chain, const char *guest,
		       struct error *err)
{
	const struct image *image = &chain->links[0].image;
	const char *path = chain->links[0].path;
	auto_image_lock struct image_lock lock = IMAGE_LOCK_NONE;
	auto_chain struct chain held = {0};

	if (guest)
		return trim(call, guest, err);
	if (text_equal(image->format, IMAGE_RAW) && !argument_flag(call, "compress"))
		return punch(call, path, image, err);
	// Only what is read under the lock still holds when it is done.
	if (image_lock_take(path, IMAGE_LOCK_OLD, &lock, err) < 0 ||
	    chain_read(path, image->format, &held, err) < 0 || check_rewrite(&held, err) < 0)
		return -1;
	return rewrite(call, &held, &lock, err);
}

static int report_gain(struct call *call, const struct chain *chain, const char *guest,
		       struct error *err)
{
	const char *name = argument_text(call, "file");
	const struct image *before = &chain->links[0].image;
	auto_image struct image after = {0};
	auto_free char *was = NULL, *is = NULL;

	if (image_read(chain->links[0].path, before->format, &after, err) < 0)
		return -1;
	was = size_text(before->allocated);
	is = size_text(after.allocated);
	report_value(call->report, "file", value_text(name));
	report_value(call->report, "trimmed_by", value_text(guest));
	report_value(call->report, "actual_size_before", value_unsigned(before->allocated));
	report_value(call->report, "actual_size", value_unsigned(after.allocated));
	if (report_is_json(call->report))
		return 0;
	if (after.allocated < before->allocated)
		report_message(call->report, "'%s' took %s and takes %s now\n", name, was, is);
	else
		report_message(call->report, "'%s' takes %s: nothing was to be gained\n", name, is);
	return 0;
}

static int sparsify(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_free char *guest = NULL;
	auto_chain struct chain chain = {0};

	if (operand_read_chain(call, &chain, err) < 0)
		return -1;
	guest = running_guest(chain.links[0].path);
	if (sparsify_by(call, &chain, guest, err) < 0)
		return error_wrap(err, "cannot sparsify '%s'", name);
	return report_gain(call, &chain, guest, err);
}

static const struct option sparsify_options[] = {
	FORMAT, FLAG("compress", 0, "compress a qcow2 image too"), CONNECT,
	QUIET,  IMAGE_FILE("image whose zeroes take room"),        END,
};

// clang-format off
static const struct field sparsify_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "the image"),
	FIELD("trimmed_by", NULL, FIELD_TEXT, FIELD_NULL, "the guest that was asked to do it"),
	FIELD("actual_size_before", NULL, FIELD_BYTES, 0, "room that it took"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that it takes"),
	FIELDS_END,
};
// clang-format on

const struct command img_sparsify_command = {
	.name = "sparsify",
	.options = sparsify_options,
	.results = sparsify_results,
	.summary = "give back the room that zeroes take in an image",
	.description =
		"Turns the zeroes of a raw image into holes, in place. A qcow2 image is written "
		"anew "
		"beside itself and takes its own place when it is complete and smaller. Where a "
		"guest "
		"runs on the image, that is asked to trim its file systems. Space that a guest has "
		"freed but not zeroed or trimmed is not found.",
	.run = sparsify,
};
