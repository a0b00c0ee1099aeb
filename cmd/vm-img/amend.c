// SPDX-License-Identifier: GPL-3.0-or-later
// Other settings for an image that exists.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/shrink.h"
#include "image/settings.h"

// What is behind a smaller size is lost; qemu-img does not ask.
static int check_size(struct call *call, struct operand *operand, struct error *err)
{
	const struct list *texts = argument_list(call, "options");
	auto_settings struct settings settings = {0};
	unsigned long long size;

	for (size_t i = 0; i < texts->count; i++)
		if (settings_add(&settings, texts->items[i], err) < 0)
			return -1;
	if (!settings_get(&settings, "size") || call->context->peer)
		return 0;
	if (settings_number(&settings, "size", 0, &size, err) < 0 ||
	    shrink_find_size(call, operand, err) < 0)
		return -1;
	return shrink_check(call, operand, size, err);
}

static int amend_operand(struct call *call, struct operand *operand, struct error *err)
{
	static const char *const ours[] = {"shrink", NULL};
	auto_engine struct engine engine = {0};
	auto_free char *what =
		text_format("with the last key of '%s' all of it would be lost", operand->name);

	if (argument_flag(call, "force") && confirm(call, what, err) < 0)
		return -1;
	if (check_size(call, operand, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	operand_add(call, &engine, operand);
	if (engine_run(call, &engine, err) < 0)
		return -1;
	return operand_report(call, operand, NULL, err);
}

static int amend(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;

	if (options_help(call))
		return engine_help(call, argument_list(call, "file"), err);
	if (!name)
		return error_set(err, STATUS_USAGE, "'amend' needs <file>");
	if (operand_open_to_change(call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    amend_operand(call, &operand, err) < 0)
		return error_wrap(err, "cannot amend '%s'", name);
	return 0;
}

static const struct option amend_options[] = {
	FORMAT,
	IMAGE_OPTS,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | REPEATS,
	 .letter = 'o',
	 .name = "options",
	 .value = "settings",
	 .help = "settings of the format: NAME=VALUE,..., or help"},
	CACHE_AS('t', "cache", "how the image is written (default: writeback)"),
	FLAG("force", 0, "erase the last key, or overwrite one that is in use"),
	SHRINK,
	YES,
	OBJECT,
	PROGRESS,
	QUIET,
	{.kind = OPTION_TEXT, .traits = POSITIONAL, .name = "file", .help = "image to change"},
	END,
};

const struct command img_amend_command = {
	.name = "amend",
	.options = amend_options,
	.results = facts_changed,
	.summary = "change the settings of an image's format",
	.description =
		"Changes settings of an image, such as compat or lazy_refcounts. Where size= makes "
		"the disk smaller it takes --shrink, as 'resize' does, and --yes or an answer "
		"where "
		"data would be lost.",
	.run = amend,
};
