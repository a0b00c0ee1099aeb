// SPDX-License-Identifier: GPL-3.0-or-later
// Checking and repairing what an image says about itself.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "image/users.h"
#include "output/report.h"

enum { UNSUPPORTED = 63 }; // qemu-img's exit status where the format cannot be checked

static int open_to_repair(struct call *call, struct operand *operand, struct error *err)
{
	const char *name = argument_text(call, "file");

	if (operand_open_to_check(call, name, argument_text(call, "format"), operand, err) < 0)
		return -1;
	return location_is_local(&operand->location) ? users_check(operand->location.path, err) : 0;
}

static int check_operand(struct call *call, struct operand *operand, struct error *err)
{
	const char *name = argument_text(call, "file"), *repair = argument_text(call, "repair");
	auto_free char *what = NULL;

	if (!repair)
		return operand_open_to_check(call, name, argument_text(call, "format"), operand,
					     err);
	if (open_to_repair(call, operand, err) < 0)
		return -1;
	what = text_format("repairing all of '%s' may choose wrongly and lose data; keep a copy of "
			   "the file",
			   name);
	return text_equal(repair, "all") ? confirm(call, what, err) : 0;
}

static int report_check(struct call *call, const struct qemu_img_answer *answer, struct error *err)
{
	call->status = answer->exit_status;
	if (report_is_json(call->report))
		return engine_report_json(call, answer, err);
	report_message(call->report, "%s", answer->output);
	return 0;
}

static int check_image(struct call *call, struct error *err)
{
	auto_operand struct operand operand = OPERAND_NONE;
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (check_operand(call, &operand, err) < 0)
		return -1;
	engine_begin(call, NULL, &engine);
	if (report_is_json(call->report))
		engine_add(&engine, "--output=json");
	operand_add(call, &engine, &operand);
	if (engine_ask(call, &engine, &answer, err) < 0)
		return -1;
	if (!*answer.output &&
	    (answer.exit_status == STATUS_FAILED || answer.exit_status == UNSUPPORTED)) {
		engine_failure(call, &engine, &answer, err);
		if (answer.exit_status == UNSUPPORTED)
			err->status = (enum status)UNSUPPORTED;
		return -1;
	}
	engine_warn(call, &answer);
	if (call->context->peer || !report_is_json(call->report))
		engine_pass(call, &answer);
	return report_check(call, &answer, err);
}

static int check(struct call *call, struct error *err)
{
	if (check_image(call, err) == 0)
		return 0;
	// 2 and 3 are results here, and whatever kept it from being checked is a failure.
	if (err->status != (enum status)UNSUPPORTED && err->status != STATUS_CONFIRM &&
	    err->status < STATUS_SIGNAL)
		err->status = STATUS_FAILED;
	return error_wrap(err, "cannot check '%s'", argument_text(call, "file"));
}

static const char *const repairs[] = {"leaks", "all", NULL};

static const struct option check_options[] = {
	FORMAT,
	IMAGE_OPTS,
	{.kind = OPTION_TEXT,
	 .letter = 'r',
	 .name = "repair",
	 .value = "what",
	 .words = repairs,
	 .help = "repair what is found: leaks only gives back unused room"},
	CACHE_AS('T', "cache", "how the image is read (default: writeback)"),
	FORCE_SHARE,
	OUTPUT,
	YES,
	OBJECT,
	QUIET,
	IMAGE_FILE("image to check"),
	END,
};

// clang-format off
static const struct field check_results[] = {
	FIELD("filename", NULL, FIELD_TEXT, 0, "the name of the image"),
	FIELD("format", NULL, FIELD_TEXT, 0, "its format"),
	FIELD("check-errors", NULL, FIELD_INTEGER, 0, "how often it could not be read while it was checked"),
	FIELD("image-end-offset", NULL, FIELD_BYTES, FIELD_ASKED, "where its last cluster ends"),
	FIELD("corruptions", NULL, FIELD_INTEGER, FIELD_ASKED, "what is wrong: data may be lost"),
	FIELD("leaks", NULL, FIELD_INTEGER, FIELD_ASKED, "clusters that nothing needs"),
	FIELD("corruptions-fixed", NULL, FIELD_INTEGER, FIELD_ASKED, "what was repaired"),
	FIELD("leaks-fixed", NULL, FIELD_INTEGER, FIELD_ASKED, "clusters that were given back"),
	FIELD("total-clusters", NULL, FIELD_INTEGER, FIELD_ASKED, "clusters of the disk"),
	FIELD("allocated-clusters", NULL, FIELD_INTEGER, FIELD_ASKED, "those of them that are in the image"),
	FIELD("fragmented-clusters", NULL, FIELD_INTEGER, FIELD_ASKED, "those of them that are not behind the one before"),
	FIELD("compressed-clusters", NULL, FIELD_INTEGER, FIELD_ASKED, "those of them that are compressed"),
	FIELDS_OPEN,
};
// clang-format on

const struct command img_check_command = {
	.name = "check",
	.traits = COMMAND_STATUSES,
	.options = check_options,
	.results = check_results,
	.summary = "check an image, and repair it",
	.description =
		"Checks whether what an image says about itself is sound. The exit status is "
		"qemu-img's: 0 sound, 1 not checked, 2 corrupt, 3 only room is lost (leaks), 63 "
		"the "
		"format cannot be checked; after a repair it is that of the repaired image.",
	.run = check,
};
