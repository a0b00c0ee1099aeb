// SPDX-License-Identifier: GPL-3.0-or-later
// What `-d LEVEL` shows of a command at work, in virsh's words and at virsh's levels.
#pragma once

struct arguments;
struct context;

// As virsh numbers them; a message is shown where -d names its level or a lower one.
enum trace_level {
	TRACE_DEBUG = 0,
	TRACE_INFO = 1,
	TRACE_LEVEL_MOST = 4,
};

// Writes a line to the log and to standard error; virsh's stand among its output.
void trace(struct context *context, enum trace_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// The options that a command was given, in their order.
void trace_arguments(struct context *context, const struct arguments *arguments);
