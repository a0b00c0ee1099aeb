// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of an image hold data, and where.
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/subject.h"

static int map(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_subject struct subject subject = SUBJECT_NONE;
	auto_engine struct engine engine = {0};

	engine_begin(call, NULL, &engine);
	if (subject_open(call, name, argument_text(call, "format"), &subject, err) == 0) {
		subject_add(call, &engine, &subject);
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

const struct command img_map_command = {
	.name = "map",
	.options = map_options,
	.summary = "show which parts of an image hold data, and in which file",
	.run = map,
};
