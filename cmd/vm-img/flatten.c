// SPDX-License-Identifier: GPL-3.0-or-later
// An overlay that is to stand on nothing any more.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/live.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/waiting.h"
#include "image/chain.h"
#include "image/clone.h"
#include "image/image_lock.h"
#include "image/neighbours.h"
#include "image/qemu_img.h"
#include "image/resolve.h"
#include "image/space.h"
#include "output/json.h"
#include "output/report.h"

// qemu-img takes over what the files below have and the image has not: bitmaps and the way it is
// made stay, which a conversion would lose.
static int take_over(struct call *call, const struct chain *chain, const struct staged_file *file,
		     struct error *err)
{
	auto_progress struct progress *progress = waiting_bar(call);
	const struct chain_link *image = &chain->links[0];
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	qemu_img_begin(&qemu_img, "rebase");
	resolve_staged(file, &qemu_img.confinement);
	resolve_image(image->path, image->image.format, RESOLVE_READ, &qemu_img.confinement);
	qemu_img_hear(&qemu_img, waiting_hear_part, progress);
	qemu_img_option(&qemu_img, "-f", image->image.format);
	qemu_img_option(&qemu_img, "-b", "");
	qemu_img_file(&qemu_img, file->inner);
	return qemu_img_must(&qemu_img, &answer, err);
}

// At most what all files of the chain take now, unless some are compressed.
static int check_space(const struct chain *chain, struct error *err)
{
	unsigned long long needed = 0;

	for (size_t i = 0; i < chain->count; i++)
		needed += chain->links[i].image.allocated;
	return space_check(chain->links[0].path, needed, err);
}

// The work is done on a copy beside it: until that has taken its place nothing has changed.
static int make_independent(struct call *call, const struct chain *chain, struct image_lock *lock,
			    struct error *err)
{
	const char *path = chain->links[0].path, *format = chain->links[0].image.format;
	struct staging staging = {.target = path, .replace = true};
	struct sparse_listener nobody = {0};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	auto_image struct image made = {0};
	auto_list struct list beside = {0};

	neighbours_find(path, chain->links[0].image.backing_file, &beside);
	staging.beside = (const char *const *)beside.items;
	if (check_space(chain, err) < 0 || staged_file_begin(&staging, &file, err) < 0 ||
	    staged_file_keep(&file, err) < 0 ||
	    clone_content(path, file.fd, path, nobody, err) < 0 ||
	    take_over(call, chain, &file, err) < 0 || image_read(file.path, format, &made, err) < 0)
		return -1;
	if (made.backing_file)
		return error_set(err, STATUS_FAILED, "it still has the backing file '%s'",
				 made.backing_file);
	return image_lock_replace(lock, &file, true, err);
}

static int report_flat(struct call *call, const struct chain *chain, const char *guest,
		       struct error *err)
{
	const char *name = argument_text(call, "file");
	const struct image *before = &chain->links[0].image;
	auto_image struct image after = {0};

	if (image_read(chain->links[0].path, before->format, &after, err) < 0)
		return -1;
	report_value(call->report, "file", value_text(name));
	report_value(call->report, "changed", value_boolean(before->backing_file));
	report_value(call->report, "flattened_by", value_text(guest));
	report_value(call->report, "backing_file", value_text(before->backing_file));
	report_value(call->report, "actual_size_before", value_unsigned(before->allocated));
	report_value(call->report, "actual_size", value_unsigned(after.allocated));
	if (report_is_json(call->report))
		return 0;
	if (before->backing_file)
		report_message(call->report, "'%s' does not need '%s' any more\n", name,
			       before->backing_file);
	else
		report_message(call->report, "'%s' has no backing file: nothing to do\n", name);
	return 0;
}

static int check_chain(const struct chain *chain, struct error *err)
{
	const struct image *image = &chain->links[0].image;

	if (chain->remote)
		return error_set(err, STATUS_FAILED, "its backing file '%s' is not a local file",
				 chain->remote);
	if (json_get(image->details, "data-file"))
		return error_set(err, STATUS_CONFLICT, "it keeps its data in another file");
	// They have the same holes, through which they would see nothing.
	if (json_count(image->snapshots)) {
		error_set(err, STATUS_CONFLICT,
			  "its internal snapshots need the backing file too and would be "
			  "corrupted");
		return error_hint(err, "vm-img snapshot -d deletes them");
	}
	return 0;
}

static int flatten_live(struct call *call, const struct chain *chain, struct error *err)
{
	auto_free char *guest = NULL;

	if (live_flatten(call, chain->links[0].path, &guest, err) < 0)
		return -1;
	return report_flat(call, chain, guest, err);
}

static int flatten(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_chain struct chain chain = {0}, held = {0};
	auto_image_lock struct image_lock lock = IMAGE_LOCK_NONE;

	if (operand_read_chain(call, &chain, err) < 0)
		return -1;
	if (!chain.links[0].image.backing_file)
		return report_flat(call, &chain, NULL, err);
	if (argument_flag(call, "live"))
		return flatten_live(call, &chain, err) < 0
			       ? error_wrap(err, "cannot flatten '%s'", name)
			       : 0;
	// Only what is read under the lock still holds when it is done.
	if (image_lock_take(chain.links[0].path, IMAGE_LOCK_OLD, &lock, err) < 0 ||
	    chain_read(chain.links[0].path, chain.links[0].image.format, &held, err) < 0 ||
	    check_chain(&held, err) < 0 || make_independent(call, &held, &lock, err) < 0)
		return error_wrap(err, "cannot flatten '%s'", name);
	return report_flat(call, &chain, NULL, err);
}

static const struct option flatten_options[] = {
	FORMAT, LIVE, CONNECT, QUIET, IMAGE_FILE("image that has a backing file"), END,
};

// clang-format off
static const struct field flatten_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "the image"),
	FIELD("changed", NULL, FIELD_BOOLEAN, 0, "whether it had a backing file"),
	FIELD("flattened_by", NULL, FIELD_TEXT, FIELD_NULL, "the guest that has done it"),
	FIELD("backing_file", NULL, FIELD_TEXT, FIELD_NULL, "the backing file it had, as recorded"),
	FIELD("actual_size_before", NULL, FIELD_BYTES, 0, "room that it took"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that it takes"),
	FIELDS_END,
};
// clang-format on

const struct command img_flatten_command = {
	.name = "flatten",
	.options = flatten_options,
	.results = flatten_results,
	.summary = "make an overlay independent of its backing file",
	.description =
		"Copies into an image what it has from its backing files, so that those may go. "
		"The "
		"work is done on a copy beside it, which takes its "
		"place when it is complete: a failure or ^C changes nothing. With --live the "
		"running guest that uses it does it (block stream), and goes on meanwhile.",
	.run = flatten,
};
