// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/trace.h"

#include <stdarg.h>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"

void trace(struct context *context, enum trace_level level, const char *format, ...)
{
	static const char *const names[] = {[TRACE_DEBUG] = "DEBUG", [TRACE_INFO] = "INFO"};
	FILE *out = context->peer ? context->out : context->errors;
	auto_text struct text line = {0};
	va_list list;

	if (TRACE_LEVEL_MOST - (int)level > context->verbosity)
		return;
	va_start(list, format);
	text_append_list(&line, format, list);
	va_end(list);
	fprintf(out, "%s\n", text_string(&line));
	context_log(context, names[level], text_string(&line));
}

void trace_arguments(struct context *context, const struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->order.count; i++) {
		const char *name = arguments->order.items[i], *ignored, *value = "(none)";
		const struct option *option = option_find(arguments->options, name, &ignored);
		const struct argument *row = arguments_row(arguments, option);
		size_t nth = 0; // of the times that the option was given

		for (size_t before = 0; before < i; before++)
			nth += text_equal(arguments->order.items[before], name);
		if (nth < row->values.count)
			value = option->traits & CONFIDENTIAL ? "(secret)" : row->values.items[nth];
		trace(context, TRACE_INFO, "%s: %s(%s): %s", arguments->command->name, name,
		      option->kind == OPTION_FLAG ? "bool" : "optdata", value);
	}
}
