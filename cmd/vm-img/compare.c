// SPDX-License-Identifier: GPL-3.0-or-later
// Whether two images hold the same.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "output/report.h"

// Exit statuses of qemu-img: what is not one of the first two is an error.
enum { SAME = 0, DIFFERENT = 1, NOT_OPENED = 2 };

// "Content mismatch at offset 65536!"
static struct value offset_in(const char *output)
{
	static const char word[] = "ffset ";
	const char *at = strstr(output, word);

	return at ? value_unsigned(strtoull(at + strlen(word), NULL, 10)) : value_absent();
}

static void report_comparison(struct call *call, const struct qemu_img_answer *answer)
{
	bool same = answer->exit_status == SAME;

	report_value(call->report, "identical", value_boolean(same));
	report_value(call->report, "offset", same ? value_absent() : offset_in(answer->output));
	report_message(call->report, "%s", answer->output);
	call->status = answer->exit_status;
}

// 1 is a result here, and who asks must not take an error for it.
static int not_opened(const struct call *call, struct error *err)
{
	if (err->status == STATUS_FAILED || err->status == STATUS_NOT_FOUND ||
	    (call->context->peer && err->status != STATUS_USAGE))
		err->status = (enum status)NOT_OPENED;
	return -1;
}

// qemu-img has warned on standard output: at once on a terminal, elsewhere as it ends, which is
// behind what it says of the failure.
static void pass_warning(struct call *call, const struct qemu_img_answer *answer, struct error *err)
{
	if (err->said && !isatty(fileno(call->context->out))) {
		engine_pass(call, answer);
		*err->said = '\0';
	}
	fputs(answer->output, call->context->out);
}

static int ask(struct call *call, struct engine *engine, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (engine_ask(call, engine, &answer, err) < 0)
		return not_opened(call, err);
	if (answer.exit_status > DIFFERENT || answer.failure) {
		engine_failure(call, engine, &answer, err);
		// Where one cannot be opened it says so itself: see peer_ask().
		if (call->context->peer && answer.exit_status > NOT_OPENED)
			pass_warning(call, &answer, err);
		err->status = answer.exit_status > DIFFERENT ? (enum status)answer.exit_status
							     : (enum status)NOT_OPENED;
		return -1;
	}
	report_comparison(call, &answer);
	return 0;
}

static int compare_images(struct call *call, struct error *err)
{
	const char *names[] = {argument_text(call, "file1"), argument_text(call, "file2")};
	const char *formats[] = {argument_text(call, "a-format"), argument_text(call, "b-format")};
	auto_operand struct operand first = {0}, second = {0};
	auto_engine struct engine engine = {0};

	if (operand_open(call, names[0], formats[0], &first, err) < 0 ||
	    operand_open(call, names[1], formats[1], &second, err) < 0)
		return not_opened(call, err);
	engine_begin(call, NULL, &engine);
	engine.total = first.image.virtual_size;
	operand_add_format(&engine, &first, "-f");
	operand_add_format(&engine, &second, "-F");
	engine_add_file(call, &engine, names[0]);
	engine_add_file(call, &engine, names[1]);
	return ask(call, &engine, err);
}

static int compare(struct call *call, struct error *err)
{
	if (compare_images(call, err) == 0)
		return 0;
	return error_wrap(err, "cannot compare '%s' with '%s'", argument_text(call, "file1"),
			  argument_text(call, "file2"));
}

static const struct option compare_options[] = {
	FORMAT_AS('f', "a-format", "format of the first image (default: its first bytes tell)"),
	FORMAT_AS('F', "b-format", "format of the second image (likewise)"),
	IMAGE_OPTS,
	CACHE_AS('T', "cache", "how the images are read (default: writeback)"),
	SWITCH('s', "strict", "sizes, and what is allocated, have to be the same too"),
	FORCE_SHARE,
	YES,
	OBJECT,
	PROGRESS,
	QUIET,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "file1",
	 .help = "the first image"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "file2",
	 .help = "the second image"},
	END,
};

static const struct field compare_results[] = {
	FIELD("identical", NULL, FIELD_BOOLEAN, 0, "whether they hold the same"),
	FIELD("offset", NULL, FIELD_BYTES, FIELD_NULL,
	      "where the first difference is, if it is one of content"),
	FIELDS_END,
};

const struct command img_compare_command = {
	.name = "compare",
	.traits = COMMAND_STATUSES,
	.options = compare_options,
	.results = compare_results,
	.summary = "tell whether two images hold the same",
	.description =
		"Compares what two images hold, whatever their formats are. The exit status is "
		"qemu-img's: 0 the same, 1 different, 2 one cannot be opened, 3 one cannot "
		"be read.",
	.run = compare,
};
