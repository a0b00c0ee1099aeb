// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of an image hold data, and where.
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"

static int map(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;
	auto_engine struct engine engine = {0};

	engine_begin(call, NULL, &engine);
	if (operand_open(call, name, argument_text(call, "format"), &operand, err) == 0) {
		operand_add(call, &engine, &operand);
		if (engine_tell(call, &engine, err) == 0)
			return 0;
	}
	return error_wrap(err, "cannot map '%s'", name);
}

static const struct option map_options[] = {
	FORMAT,
	IMAGE_OPTS,
	{.kind = OPTION_TEXT,
	 .letter = 's',
	 .name = "start-offset",
	 .help = "where to begin: bytes, or with a unit"},
	{.kind = OPTION_TEXT,
	 .letter = 'l',
	 .name = "max-length",
	 .help = "how much to look at: bytes, or with a unit"},
	FORCE_SHARE,
	OUTPUT,
	YES,
	OBJECT,
	IMAGE_FILE("image to look at"),
	END,
};

static const struct field map_results[] = {
	FIELD("start", NULL, FIELD_BYTES, 0, "where the part begins on the disk"),
	FIELD("length", NULL, FIELD_BYTES, 0, "its length"),
	FIELD("depth", NULL, FIELD_INTEGER, 0, "the file that has it: 0 the image, 1 the next"),
	FIELD("present", NULL, FIELD_BOOLEAN, 0, "whether any of them has it"),
	FIELD("zero", NULL, FIELD_BOOLEAN, 0, "whether it reads as zeroes"),
	FIELD("data", NULL, FIELD_BOOLEAN, 0, "whether there is data in the file"),
	FIELD("compressed", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether that is compressed"),
	FIELD("offset", NULL, FIELD_BYTES, FIELD_ASKED, "where it begins in the file"),
	FIELD("filename", NULL, FIELD_TEXT, FIELD_ASKED, "the file"),
	FIELDS_OPEN,
};

const struct command img_map_command = {
	.name = "map",
	.options = map_options,
	.shape = SHAPE_LIST,
	.results = map_results,
	.summary = "show which parts of an image hold data, and in which file",
	.run = map,
};
