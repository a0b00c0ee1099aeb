// SPDX-License-Identifier: GPL-3.0-or-later
// The bitmaps in an image that record what was changed since.
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"

static int change(struct call *call, struct operand *operand, struct error *err)
{
	auto_engine struct engine engine = {0};

	engine_begin(call, NULL, &engine);
	if (argument_given(call, "source-file"))
		engine_allow(&engine, argument_text(call, "source-file"));
	operand_add(call, &engine, operand);
	engine_add(&engine, argument_text(call, "bitmap"));
	if (engine_run(call, &engine, err) < 0)
		return -1;
	return operand_report(call, operand, NULL, err);
}

static int bitmap(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;

	if (operand_open_to_change(call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    change(call, &operand, err) < 0)
		return error_wrap(err, "cannot change the bitmap '%s' of '%s'",
				  argument_text(call, "bitmap"), name);
	return 0;
}

static const struct option bitmap_options[] = {
	FLAG("add", 0, "make it"),
	FLAG("remove", 0, "remove it"),
	FLAG("clear", 0, "forget what it has recorded"),
	FLAG("enable", 0, "record changes from now on"),
	FLAG("disable", 0, "record no changes from now on"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "merge",
	 .value = "bitmap",
	 .help = "add what another bitmap has recorded"},
	VALUE('b', "source-file", "file", "image that has the bitmap to merge (default: the same)"),
	FORMAT_AS('F', "source-format", "format of that image"),
	VALUE('g', "granularity", "size", "bytes that one bit is about, for --add"),
	FORMAT,
	IMAGE_OPTS,
	YES,
	OBJECT,
	IMAGE_FILE("image with the bitmap"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "bitmap",
	 .help = "name of the bitmap"},
	END,
};

static const struct rule bitmap_rules[] = {
	EXCLUSIVE("format", "image-opts"),
	REQUIRES("source-format", "source-file"),
	REQUIRES("source-file", "merge"),
	REQUIRES("granularity", "add"),
	RULES_END,
};

const struct command img_bitmap_command = {
	.name = "bitmap",
	.options = bitmap_options,
	.rules = bitmap_rules,
	.results = facts_changed,
	.summary = "change the bitmaps in an image that record what is written",
	.description = "Does all that is asked for to one bitmap, in the order it is asked. info "
		       "lists the bitmaps of an image.",
	.run = bitmap,
};
