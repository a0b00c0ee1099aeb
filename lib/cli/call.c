// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/call.h"

#include <stdarg.h>

#include "base/text.h"
#include "cli/arguments.h"

void call_error(struct call *call, const struct error *err)
{
	context_error(call->context, call->arguments && call->arguments->json, err);
}

void call_warning(struct call *call, const char *format, ...)
{
	auto_text struct text message = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&message, format, list);
	va_end(list);
	context_warning(call->context, call->arguments && call->arguments->json, "%s",
			text_string(&message));
}
