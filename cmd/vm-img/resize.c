// SPDX-License-Identifier: GPL-3.0-or-later
// Another size for a disk.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/shrink.h"
#include "image/size.h"
#include "image/space.h"

// "10G", "+10G" or "-10G", as the size that comes out of it.
static int new_size(const char *text, unsigned long long now, unsigned long long *size,
		    struct error *err)
{
	bool signed_size = *text == '+' || *text == '-';

	if (image_size_parse(text + signed_size, size, err) < 0)
		return -1;
	if (*text == '-' && *size > now)
		return error_set(err, STATUS_USAGE, "the disk has only %llu bytes", now);
	if (signed_size)
		*size = *text == '+' ? now + *size : now - *size;
	return 0;
}

static int check_size(struct call *call, struct operand *operand, struct error *err)
{
	unsigned long long size, now;
	const char *mode = argument_text(call, "preallocation");
	bool read_here = operand->known && !operand->image.opaque;

	// Without --shrink qemu-img refuses where the size is not read here.
	if (!read_here && !argument_flag(call, "shrink"))
		return 0;
	if (shrink_find_size(call, operand, err) < 0)
		return -1;
	now = operand->image.virtual_size;
	if (new_size(argument_text(call, "size"), now, &size, err) < 0 ||
	    shrink_check(call, operand, size, err) < 0)
		return -1;
	if (read_here && size > now && (text_equal(mode, "full") || text_equal(mode, "falloc")))
		return space_check(operand->location.path, size - now, err);
	return 0;
}

// The size of the disk is written at once, room for it bit by bit.
static int report_interrupted(const struct operand *operand, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_image struct image now = {0};
	auto_free char *size = NULL;

	if (err->status < STATUS_SIGNAL || !operand->known ||
	    image_read(operand->location.path, operand->image.format, &now, &ignored) < 0)
		return -1;
	size = size_text(now.virtual_size);
	error_wrap(err,
		   now.virtual_size == operand->image.virtual_size
			   ? "'%s' has kept its size: %s (%llu bytes)"
			   : "'%s' has its new size: %s (%llu bytes); the room for it may be "
			     "taken in part",
		   operand->name, size, now.virtual_size);
	return error_hint(err, "vm-img check -- '%s' finds room that was lost", operand->name);
}

static int resize_checked(struct call *call, struct operand *operand, struct error *err)
{
	static const char *const ours[] = {"size", NULL};
	auto_engine struct engine engine = {0};

	if (check_size(call, operand, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	operand_add(call, &engine, operand);
	engine_add(&engine, argument_text(call, "size"));
	if (engine_run(call, &engine, err) < 0)
		return report_interrupted(operand, err);
	return operand_report(call, operand, "Image resized.", err);
}

static int resize(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;

	if (operand_open_to_change(call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    resize_checked(call, &operand, err) < 0)
		return error_wrap(err, "cannot resize '%s'", name);
	return 0;
}

static const struct option resize_options[] = {
	FORMAT,
	IMAGE_OPTS,
	PREALLOCATION("take the room that is added on the disk now"),
	SHRINK,
	YES,
	OBJECT,
	QUIET,
	IMAGE_FILE("image to change"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "size",
	 .help = "bytes, or with a unit: 10G; with + or - before it that much more or less"},
	END,
};

const struct command img_resize_command = {
	.name = "resize",
	.options = resize_options,
	.results = facts_changed,
	.summary = "make a disk larger or smaller",
	.description =
		"Changes the size of a disk. To shrink it takes --shrink, and --yes or an answer "
		"where data would be lost. The disk of a running guest is resized through "
		"libvirt (blockresize).",
	.run = resize,
};
