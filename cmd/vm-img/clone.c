// SPDX-License-Identifier: GPL-3.0-or-later
// A second image with the content of a first, at once where that can be done.
#include "image/clone.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/dependents.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/ownership.h"
#include "cmd/vm-img/waiting.h"
#include "image/image.h"
#include "image/location.h"
#include "output/report.h"

// In the order of enum clone_method.
static const char *const methods[] = {"auto", "reflink", "overlay", "copy", NULL};

static enum clone_method asked_method(struct call *call)
{
	const char *name = argument_text(call, "method");
	int method = CLONE_ANY;

	while (name && !text_equal(methods[method], name))
		method++;
	return method;
}

// What whoever keeps the two images has to know.
static const char *consequence(enum clone_method method)
{
	switch (method) {
	case CLONE_REFLINK:
		return "the file system shares the blocks until one of them is written";
	case CLONE_OVERLAY:
		return "the first must neither change nor be removed";
	default:
		return "it takes the room that the first does";
	}
}

static int report_clone(struct call *call, const struct cloning *cloning, enum clone_method method,
			long long began, struct error *err)
{
	const char *source = cloning->source, *target = cloning->target;
	auto_image struct image made = {0};

	if (image_read(target, method == CLONE_OVERLAY ? IMAGE_QCOW2 : cloning->format, &made,
		       err) < 0)
		return -1;
	ownership_tell(call, target);
	report_value(call->report, "source", value_text(source));
	report_value(call->report, "target", value_text(target));
	report_value(call->report, "method", value_text(methods[method]));
	report_value(call->report, "format", value_text(made.format));
	report_value(call->report, "virtual_size", value_unsigned(made.virtual_size));
	report_value(call->report, "actual_size", value_unsigned(made.allocated));
	report_value(call->report, "milliseconds", value_integer(clock_milliseconds() - began));
	if (!report_is_json(call->report))
		report_message(call->report, "'%s' is a clone of '%s' (%s: %s)\n", target, source,
			       methods[method], consequence(method));
	return 0;
}

static int clone(struct call *call, struct error *err)
{
	auto_progress struct progress *progress = waiting_bar(call);
	struct cloning cloning = {
		.format = argument_text(call, "format"),
		.method = asked_method(call),
		.replace = argument_flag(call, "force"),
		.listener = {waiting_hear, progress},
	};
	enum clone_method used = CLONE_ANY;
	auto_location struct location source = {0}, target = {0};
	auto_operand struct operand operand = OPERAND_NONE;
	long long began = clock_milliseconds();

	if (location_find_local(argument_text(call, "source"), &source, err) < 0 ||
	    location_find_local(argument_text(call, "target"), &target, err) < 0)
		return -1;
	cloning.source = source.path;
	cloning.target = target.path;
	if (operand_open(call, cloning.source, cloning.format, &operand, err) < 0)
		return -1;
	if (dependents_check(call, cloning.target, err) < 0)
		return -1;
	waiting_total(progress, cloning.source);
	if (clone_image(&cloning, &used, err) < 0)
		return -1;
	return report_clone(call, &cloning, used, began, err);
}

static const struct option clone_options[] = {
	{.kind = OPTION_TEXT,
	 .name = "method",
	 .value = "how",
	 .words = methods,
	 .help = "how it is made (default: auto, the first of the others that can be done)"},
	FORMAT_AS('f', "format", "format of the first image (default: its first bytes tell)"),
	FORCE("replace a file of that name"),
	QUIET,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "source",
	 .help = "image to clone"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "target",
	 .help = "image to make"},
	END,
};

// clang-format off
static const struct field clone_results[] = {
	FIELD("source", NULL, FIELD_TEXT, 0, "the first image"),
	FIELD("target", NULL, FIELD_TEXT, 0, "the new one"),
	FIELD("method", NULL, FIELD_TEXT, 0, "reflink, overlay or copy"),
	FIELD("format", NULL, FIELD_TEXT, 0, "format of the new one"),
	FIELD("virtual_size", NULL, FIELD_BYTES, 0, "size of the disk, as a guest sees it"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that the new one takes"),
	FIELD("milliseconds", NULL, FIELD_MILLISECONDS, 0, "how long it took"),
	FIELDS_END,
};
// clang-format on

const struct command img_clone_command = {
	.name = "clone",
	.options = clone_options,
	.results = clone_results,
	.summary = "make a second image from a first, in milliseconds where that can be done",
	.description =
		"Makes an image with the content of another. By reflink the file system shares the "
		"blocks of both (Btrfs, XFS): milliseconds whatever the size, and each can be "
		"changed or removed. Where it cannot, an overlay is made: as quick, but the first "
		"image must stay as it is; its format is recorded. A copy leaves out the zeroes. "
		"An image that is being written is not cloned.",
	.run = clone,
};
