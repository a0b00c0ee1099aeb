// SPDX-License-Identifier: GPL-3.0-or-later
// A part of an image as another one.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/output.h"
#include "cmd/vm-img/subject.h"

// "if=FILE" and "of=FILE" are looked at here, the others are for qemu-img.
struct operands {
	const char *input, *output; // lent
	struct list others;
};

static void operands_clear(struct operands *operands)
{
	list_clear(&operands->others);
}
#define auto_operands __attribute__((cleanup(operands_clear)))

static int take_operands(const struct list *words, struct operands *operands, struct error *err)
{
	static const char *const others[] = {"bs=", "count=", "skip="};

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		bool known = false;

		for (size_t k = 0; k < sizeof(others) / sizeof(*others); k++)
			known = known || text_begins(word, others[k]);
		if (known)
			list_add(&operands->others, word);
		else if (text_begins(word, "if="))
			operands->input = word + strlen("if=");
		else if (text_begins(word, "of="))
			operands->output = word + strlen("of=");
		else
			return error_set(err, STATUS_USAGE,
					 "'%s' is none of if=, of=, bs=, count= and skip=", word);
	}
	if (!operands->input || !operands->output)
		return error_set(err, STATUS_USAGE, "'dd' needs if=FILE and of=FILE");
	return 0;
}

static int copy(struct call *call, const struct operands *operands, struct error *err)
{
	static const char *const ours[] = {"force", NULL};
	const char *format = argument_text(call, "output-format");
	auto_output struct output output = {.name = operands->output,
					    .format = format ? format : "raw"};
	auto_subject struct subject subject = SUBJECT_NONE;
	auto_engine struct engine engine = {0};
	auto_list struct list inputs = {0};

	list_add(&inputs, operands->input);
	if (subject_open_to_read(call, operands->input, argument_text(call, "format"), &subject,
				 err) < 0 ||
	    output_begin(call, &output, NULL, NULL, err) < 0 ||
	    output_check_inputs(&output, &inputs, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	subject_add_format(&engine, &subject, "-f");
	for (size_t i = 0; i < operands->others.count; i++)
		engine_add(&engine, operands->others.items[i]);
	engine_prefix(&engine, "if=");
	engine_add_file(call, &engine, operands->input);
	engine_prefix(&engine, "of=");
	return output_make(call, &output, &engine, err);
}

static int dd(struct call *call, struct error *err)
{
	auto_operands struct operands operands = {0};

	if (take_operands(argument_list(call, "operand"), &operands, err) < 0)
		return -1;
	if (copy(call, &operands, err) < 0)
		return error_wrap(err, "cannot copy '%s' to '%s'", operands.input, operands.output);
	return 0;
}

static const struct option dd_options[] = {
	FORMAT,
	IMAGE_OPTS,
	FORMAT_AS('O', "output-format", "format of the new image (default: raw)"),
	FORCE("replace the file that the new image is named as"),
	FORCE_SHARE,
	YES,
	OBJECT,
	QUIET,
	{.kind = OPTION_REST,
	 .traits = REQUIRED,
	 .name = "operand",
	 .help = "if=FILE of=FILE [bs=SIZE] [count=BLOCKS] [skip=BLOCKS]"},
	END,
};

const struct command img_dd_command = {
	.name = "dd",
	.options = dd_options,
	.results = facts_changed,
	.summary = "copy a part of an image to a new one",
	.description =
		"Copies count blocks of bs bytes (512, if that is not given) behind the first "
		"skip ones to a new image. What exists is replaced only with --force.",
	.run = dd,
};
