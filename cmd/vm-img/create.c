// SPDX-License-Identifier: GPL-3.0-or-later
// Making images.
#include "image/create.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/dependents.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/ownership.h"
#include "cmd/vm-img/waiting.h"
#include "image/image.h"
#include "image/location.h"
#include "image/size.h"
#include "output/report.h"

static int take_size(struct call *call, struct creation *creation, struct error *err)
{
	const char *size = argument_text(call, "size");

	creation->sized = size;
	return size ? image_size_parse(size, &creation->size, err) : 0;
}

static int create(struct call *call, struct error *err)
{
	auto_location struct location location = {0};
	auto_image struct image made = {0};
	auto_progress struct progress *progress = NULL;
	auto_free char *line = NULL;
	int failed;
	struct creation creation = {
		.path = argument_text(call, "file"),
		.format = argument_text(call, "format"),
		.backing_file = argument_text(call, "backing"),
		.backing_format = argument_text(call, "backing-format"),
		.unchecked = argument_flag(call, "backing-unsafe"),
		.replace = options_replace(call),
		.preallocation = argument_text(call, "preallocation"),
		.settings = argument_list(call, "options"),
		.objects = argument_list(call, "object"),
		.line = &line,
	};

	if (options_help(call))
		return engine_help(call, argument_list(call, "file"), err);
	if (!creation.path)
		return error_set(err, STATUS_USAGE, "'create' needs <file>");
	location_find(creation.path, false, &location);
	if (take_size(call, &creation, err) < 0 ||
	    (location.exists && dependents_check(call, location.path, err) < 0))
		return -1;
	if (argument_given(call, "preallocation") || argument_given(call, "options")) {
		progress = waiting_bar(call);
		progress_total(progress, creation.size);
		creation.hear = progress ? waiting_hear : NULL;
		creation.data = progress;
	}
	failed = create_image(&creation, &made, err);
	if (line && !report_is_json(call->report))
		report_message(call->report, "%s\n", line);
	if (failed)
		return -1;
	if (location_is_local(&location))
		ownership_tell(call, location.path);
	return facts_report_changed(call->report, creation.path, made.format ? &made : NULL, err);
}

static const struct option create_options[] = {
	FORMAT_AS('f', "format", "format of the new image (default: raw)"),
	FORMAT_OPTIONS,
	{.kind = OPTION_TEXT,
	 .letter = 'b',
	 .name = "backing",
	 .value = "file",
	 .help = "image that it begins as; only what is written later is in the new one"},
	BACKING_FORMAT,
	{.kind = OPTION_FLAG,
	 .letter = 'u',
	 .name = "backing-unsafe",
	 .help = "do not look at the backing file"},
	PREALLOCATION("take the room on the disk now"),
	FORCE("replace a file of that name"),
	OBJECT,
	QUIET,
	{.kind = OPTION_TEXT, .traits = POSITIONAL, .name = "file", .help = "image to make"},
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "size",
	 .help = "bytes, or with a unit: 10G (default: that of the backing file)"},
	END,
};

const struct command img_create_command = {
	.name = "create",
	.options = create_options,
	.results = facts_changed,
	.summary = "make a new image",
	.description = "Makes an image. It gets its name when it is complete: a failure leaves "
		       "nothing behind. What exists is replaced only with --force, an empty file "
		       "of one's own always.",
	.run = create,
};
