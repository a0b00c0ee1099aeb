// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/vm_img.h"

#include "base/error.h"
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

// Of what does the work: that is what scripts ask qemu-img for.
static int engine_version(struct context *context, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	auto_qemu_img struct qemu_img qemu_img = {0};

	qemu_img_begin(&qemu_img, "--version");
	if (qemu_img_must(&qemu_img, &answer, err) < 0)
		return -1;
	fputs(answer.output, context->out);
	return 0;
}

static const struct peer peers[] = {
	{.name = "qemu-img", .usage = STATUS_FAILED, .marks = true, .version = engine_version},
	{0}};

const struct program vm_img_program = {
	.name = "vm-img",
	.summary = "create, inspect, convert and look after disk images",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = vm_img_groups,
	.peers = peers,
};
