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
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/output.h"

// "if=FILE" and "of=FILE" are looked at here, the others are for qemu-img.
struct transfer {
	const char *input, *output; // lent
	struct list others;
};

static void transfer_clear(struct transfer *transfer)
{
	list_clear(&transfer->others);
}
#define auto_transfer __attribute__((cleanup(transfer_clear)))

static int read_transfer(const struct list *words, struct transfer *transfer, struct error *err)
{
	static const char *const others[] = {"bs=", "count=", "skip="};

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		bool known = false;

		for (size_t k = 0; k < sizeof(others) / sizeof(*others); k++)
			known = known || text_begins(word, others[k]);
		if (known)
			list_add(&transfer->others, word);
		else if (text_begins(word, "if="))
			transfer->input = word + strlen("if=");
		else if (text_begins(word, "of="))
			transfer->output = word + strlen("of=");
		else
			return error_set(err, STATUS_USAGE,
					 "'%s' is none of if=, of=, bs=, count= and skip=", word);
	}
	if (!transfer->input || !transfer->output)
		return error_set(err, STATUS_USAGE, "'dd' needs if=FILE and of=FILE");
	return 0;
}

static int copy(struct call *call, const struct transfer *transfer, struct error *err)
{
	static const char *const ours[] = {"force", NULL};
	const char *format = argument_text(call, "output-format");
	auto_output struct output output = {.name = transfer->output,
					    .format = format ? format : IMAGE_RAW};
	auto_operand struct operand operand = OPERAND_NONE;
	auto_engine struct engine engine = {0};
	auto_list struct list inputs = {0};

	list_add(&inputs, transfer->input);
	if (operand_open_to_read(call, transfer->input, argument_text(call, "format"), &operand,
				 err) < 0 ||
	    output_begin(call, &output, NULL, NULL, err) < 0 ||
	    output_check_inputs(call, &output, &inputs, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	operand_add_format(&engine, &operand, "-f");
	for (size_t i = 0; i < transfer->others.count; i++)
		engine_add(&engine, transfer->others.items[i]);
	engine_prefix(&engine, "if=");
	engine_add_file(call, &engine, transfer->input);
	engine_prefix(&engine, "of=");
	return output_make(call, &output, &engine, err);
}

static int dd(struct call *call, struct error *err)
{
	auto_transfer struct transfer transfer = {0};

	if (read_transfer(argument_list(call, "operand"), &transfer, err) < 0)
		return -1;
	if (copy(call, &transfer, err) < 0)
		return error_wrap(err, "cannot copy '%s' to '%s'", transfer.input, transfer.output);
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
