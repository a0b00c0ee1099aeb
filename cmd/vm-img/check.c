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
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/subject.h"
#include "output/json.h"
#include "output/report.h"

enum { UNSUPPORTED = 63 }; // qemu-img's exit status where the format cannot be checked

static int check_subject(struct call *call, struct subject *subject, struct error *err)
{
	const char *name = argument_text(call, "file"), *repair;
	auto_free char *what = NULL;

	repair = argument_text(call, "repair");
	if ((repair ? subject_open_to_change
		    : subject_open)(call, name, argument_text(call, "format"), subject, err) < 0)
		return -1;
	what = text_format("repairing all of '%s' may choose wrongly and lose data; a copy of the "
			   "file can be kept before",
			   name);
	return text_equal(repair, "all") ? confirm(call, what, err) : 0;
}

static int report_check(struct call *call, struct qemu_img_answer *answer, struct error *err)
{
	auto_json struct json *json = NULL;

	call->status = answer->exit_status;
	if (!report_is_json(call->report)) {
		report_message(call->report, "%s", answer->output);
		return 0;
	}
	json = json_read(answer->output, "what qemu-img answers", err);
	report_json(call->report, NULL, json);
	return json ? 0 : -1;
}

static int check_image(struct call *call, struct error *err)
{
	auto_subject struct subject subject = {0};
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (check_subject(call, &subject, err) < 0)
		return -1;
	engine_begin(call, NULL, &engine);
	if (report_is_json(call->report))
		engine_add(&engine, "--output=json");
	subject_add(call, &engine, &subject);
	if (engine_ask(call, &engine, &answer, err) < 0)
		return -1;
	if (answer.exit_status == STATUS_FAILED || answer.exit_status == UNSUPPORTED) {
		engine_failure(call, &engine, &answer, err);
		if (answer.exit_status == UNSUPPORTED)
			err->status = (enum status)UNSUPPORTED;
		return -1;
	}
	engine_warn(call, &answer);
	return report_check(call, &answer, err);
}

static int check(struct call *call, struct error *err)
{
	if (check_image(call, err) == 0)
		return 0;
	// 2 and 3 are results here.
	if (err->status == STATUS_USAGE || err->status == STATUS_NOT_FOUND)
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

const struct command img_check_command = {
	.name = "check",
	.options = check_options,
	.summary = "check an image, and repair it",
	.description =
		"Checks whether what an image says about itself is sound. The exit status is "
		"qemu-img's: 0 sound, 1 not checked, 2 corrupt, 3 only room is lost (leaks), 63 "
		"the "
		"format cannot be checked; after a repair it is that of the repaired image.",
	.run = check,
};
