// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/vm_img.h"

#include "base/error.h"
#include "base/list.h"
#include "cli/context.h"
#include "cmd/vm-img/groups.h"
#include "image/qemu_img.h"

static const struct option global_options[] = {
	{.kind = OPTION_TEXT,
	 .letter = 'T',
	 .name = "trace",
	 .value = "pattern",
	 .help = "trace events of qemu-img, where it does the work: "
		 "[[enable=]PATTERN][,file=FILE]"},
	{.kind = OPTION_FLAG, .letter = 'V', .name = "version", .help = "show the version"},
	END,
};

static const struct command globals = {.name = "vm-img", .options = global_options};

// Of the commands that it has, which are those of the first group, and of those that nobody has.
static int ask_engine(struct context *context, const struct list *words, struct error *err)
{
	const struct command *command =
		words->count ? command_find(context->program, words->items[0]) : NULL;

	if (command && command_group(context->program, command) != vm_img_groups)
		return -1;
	return qemu_img_run_itself(words, err);
}

static const struct peer peers[] = {
	{.name = "qemu-img", .usage = STATUS_FAILED, .marks = true, .itself = ask_engine}, {0}};

const struct program vm_img_program = {
	.name = "vm-img",
	.summary = "create, inspect, convert and look after disk images",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = vm_img_groups,
	.peers = peers,
};
