// SPDX-License-Identifier: GPL-3.0-or-later
// How much room an image will take.
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"

static int measure(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;
	auto_engine struct engine engine = {0};

	engine_begin(call, NULL, &engine);
	if (!name)
		return engine_tell(call, &engine, err);
	if (operand_open(call, name, argument_text(call, "format"), &operand, err) == 0) {
		operand_add(call, &engine, &operand);
		if (engine_tell(call, &engine, err) == 0)
			return 0;
	}
	return error_wrap(err, "cannot measure '%s'", name);
}

static const struct option measure_options[] = {
	FORMAT,
	IMAGE_OPTS,
	FORMAT_AS('O', "target-format", "format of the new image (default: raw)"),
	FORMAT_OPTIONS,
	{.kind = OPTION_TEXT,
	 .second = 's',
	 .name = "size",
	 .help = "measure an empty image of this size: bytes, or with a unit"},
	VALUE('l', "snapshot", "snapshot", "measure this snapshot of the image"),
	FORCE_SHARE,
	OUTPUT,
	YES,
	OBJECT,
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "file",
	 .help = "image that is to be converted"},
	ALIAS("source-format", "format"),
	END,
};

static const struct rule measure_rules[] = {EXCLUSIVE("size", "file"), RULES_END};

static const struct field measure_results[] = {
	FIELD("required", NULL, FIELD_BYTES, 0, "size of the file with the data there is"),
	FIELD("fully-allocated", NULL, FIELD_BYTES, 0, "its size when all of the disk is written"),
	FIELD("bitmaps", NULL, FIELD_BYTES, FIELD_ASKED, "and for the bitmaps, if they are copied"),
	FIELDS_OPEN,
};

const struct command img_measure_command = {
	.name = "measure",
	.options = measure_options,
	.rules = measure_rules,
	.results = measure_results,
	.summary = "tell how much room a new or converted image will take",
	.run = measure,
};
