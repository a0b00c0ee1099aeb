// SPDX-License-Identifier: GPL-3.0-or-later
// Another backing file for an image.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "image/create.h"
#include "image/path.h"

static int confirm_unsafe(struct call *call, struct operand *operand, struct error *err)
{
	auto_free char *what =
		text_format("'%s' would be given another backing file%s%s%s without a look at the "
			    "contents: where they differ its data is lost",
			    operand->name, operand->image.backing_file ? " than '" : "",
			    operand->image.backing_file ? operand->image.backing_file : "",
			    operand->image.backing_file ? "'" : "");

	return argument_flag(call, "backing-unsafe") ? confirm(call, what, err) : 0;
}

// What the content of the new backing file looks like may have been written by a guest.
static int check_backing_format(struct call *call, struct operand *operand, struct error *err)
{
	const char *backing = argument_text(call, "backing");

	if (argument_given(call, "backing-format") || !*backing)
		return 0;
	create_refuse_format(operand->location.path ? operand->location.path : "", backing, err);
	return qemu_img_say(err,
			    "Could not change the backing file to '%s': backing format must be "
			    "specified",
			    backing);
}

// Of the unsafe kind it is only the name that is written.
static void allow_backing(struct call *call, struct engine *engine, const struct operand *operand)
{
	const char *backing = argument_text(call, "backing");
	auto_free char *path = operand->location.path && *backing
				       ? path_beside(operand->location.path, backing)
				       : NULL;

	if (path)
		engine_allow(engine, path);
}

static int rebase_operand(struct call *call, struct operand *operand, struct error *err)
{
	auto_engine struct engine engine = {0};

	engine_begin(call, NULL, &engine);
	engine.total = operand->image.virtual_size;
	if (check_backing_format(call, operand, err) < 0 || confirm_unsafe(call, operand, err) < 0)
		return -1;
	allow_backing(call, &engine, operand);
	operand_add(call, &engine, operand);
	if (engine_run(call, &engine, err) < 0)
		return -1;
	return operand_report(call, operand, NULL, err);
}

static int rebase(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;

	if ((argument_flag(call, "backing-unsafe") ? operand_open_alone : operand_open_to_change)(
		    call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    rebase_operand(call, &operand, err) < 0)
		return error_wrap(err, "cannot rebase '%s'", name);
	return 0;
}

static const struct option rebase_options[] = {
	FORMAT,
	IMAGE_OPTS,
	CACHE_AS('t', "cache", "how the image is written (default: writeback)"),
	CACHE_AS('T', "backing-cache", "how the backing files are read (default: writeback)"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | EMPTY_OK,
	 .letter = 'b',
	 .name = "backing",
	 .value = "file",
	 .help = "the new backing file; \"\" for none: the image then has no backing file"},
	BACKING_FORMAT,
	SWITCH('u', "backing-unsafe",
	       "only change the name in the header: for a backing file that was moved"),
	SWITCH('c', "compress", "compress what is copied (needs a newer QEMU than 7.2)"),
	FORCE_SHARE,
	YES,
	OBJECT,
	PROGRESS,
	QUIET,
	IMAGE_FILE("image to change"),
	END,
};

const struct command img_rebase_command = {
	.name = "rebase",
	.options = rebase_options,
	.results = facts_changed,
	.summary = "give an image another backing file",
	.description =
		"Puts an image on another backing file. What the image shows stays the same: "
		"what differs is copied, unless -u says that nothing does.",
	.run = rebase,
};
