// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/vm_install.h"

#include <stddef.h>

#include "base/error.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cmd/vm-install/answer.h"
#include "cmd/vm-install/options.h"
#include "cmd/vm-install/run.h"

static const struct command install_command = {
	.name = "vm-install",
	.options = install_options,
	.rules = install_rules,
	.results = install_results,
	.summary = "install and start a new guest",
	.run = run_install,
};

static const struct command *const commands[] = {&help_command, &complete_command, NULL};
static const struct group program_groups[] = {
	{"Program", "program", commands},
	{NULL, NULL, NULL},
};
static const struct option no_options[] = {END};
static const struct command globals = {.name = "vm-install", .options = no_options};

static const struct peer peers[] = {{.name = "virt-install", .usage = STATUS_USAGE}, {0}};

const struct program vm_install_program = {
	.name = "vm-install",
	.summary = "install a new virtual machine from one command line",
	.grammar = GRAMMAR_GNU,
	.globals = &globals,
	.groups = program_groups,
	.otherwise = &install_command,
	.peers = peers,
};
