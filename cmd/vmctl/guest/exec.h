// SPDX-License-Identifier: GPL-3.0-or-later
// A command in a guest: what `exec` and `run` have in common.
#pragma once

#include <stdbool.h>

#include "cli/command.h"

struct call;
struct error;

enum via { VIA_AGENT, VIA_SSH, VIA_AUTO };
extern const char *const exec_ways[]; // the values of --via

// clang-format off
#define EXEC_OPTIONS \
	{.kind = OPTION_TEXT, \
	 .traits = REPEATS | CONFIDENTIAL, \
	 .name = "env", \
	 .value = "NAME=VALUE", \
	 .help = "set a variable of its environment; NAME alone takes the value it has here"}, \
	NAMED("cwd", NULL, "directory it begins in"), \
	NAMED("user", NULL, "user of the guest that runs it, root where none is given"), \
	{.kind = OPTION_INTEGER, \
	 .name = "timeout", \
	 .value = "SECONDS", \
	 .least = 1, \
	 .most = 2147483, \
	 .help = "longest time it may run; then it is ended with status 124"}, \
	{.kind = OPTION_TEXT, \
	 .name = "via", \
	 .value = "WAY", \
	 .words = exec_ways, \
	 .help = "agent, which is the default, ssh, or auto: ssh where the agent may not"}
#define EXEC_COMMAND \
	{.kind = OPTION_REST, \
	 .traits = REQUIRED | POSITIONAL, \
	 .name = "command", \
	 .help = "the command and its arguments"}
#define EXEC_FIELDS \
	NAME_FIELD, \
	FIELD("via", NULL, FIELD_TEXT, 0, "the way it went: agent or ssh"), \
	FIELD("pid", NULL, FIELD_INTEGER, FIELD_NULL, "its process id in the guest"), \
	FIELD("status", NULL, FIELD_INTEGER, FIELD_NULL, \
	      "its exit status; 128+N where signal N ended it, null where it goes on"), \
	FIELD("timed_out", NULL, FIELD_BOOLEAN, 0, "whether --timeout has ended it"), \
	FIELD("stdout", NULL, FIELD_TEXT, FIELD_ASKED, "what it wrote to standard output"), \
	FIELD("stderr", NULL, FIELD_TEXT, FIELD_ASKED, "what it wrote to standard error"), \
	FIELD("milliseconds", NULL, FIELD_MILLISECONDS, 0, "how long it took")
// clang-format on

// Runs the command of the call, which has these options and results, in its guest. DETACHED: and
// does not wait for its end.
int exec_run(struct call *call, bool detached, struct error *err);
