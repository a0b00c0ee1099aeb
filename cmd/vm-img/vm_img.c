// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/vm_img.h"

#include "cmd/vm-img/groups.h"

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

const struct program vm_img_program = {
	.name = "vm-img",
	.summary = "create, inspect, convert and look after disk images",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = vm_img_groups,
};
