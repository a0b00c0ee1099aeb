// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/context.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "output/diagnostic.h"

static struct diagnostic_looks looks(const struct context *context, bool json)
{
	return (struct diagnostic_looks){
		.json = context->json || json,
		.terminal = isatty(fileno(context->errors)) != 0,
	};
}

static void write_log(struct context *context, const char *level, const char *message)
{
	char when[32];
	struct tm local;
	time_t now = time(NULL);

	if (!context->log || !message)
		return;
	localtime_r(&now, &local);
	strftime(when, sizeof(when), "%Y.%m.%d %H:%M:%S", &local);
	fprintf(context->log, "[%s %s %d] %s %s\n", when, context->program->name, (int)getpid(),
		level, message);
	fflush(context->log);
}

void context_error(struct context *context, bool json, const struct error *err)
{
	struct error shown = *err;
	auto_free char *message = NULL;

	if (context->abandoned)
		return;
	fflush(context->out);
	if (context->line && !context->interactive) {
		message = text_format("line %ld: %s", context->line, err->message);
		shown.message = message;
	}
	diagnostic_error(context->errors, &shown, looks(context, json));
	write_log(context, "ERROR", err->message);
	write_log(context, "ERROR", err->reason);
}

void context_warning(struct context *context, bool json, const char *format, ...)
{
	auto_text struct text message = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&message, format, list);
	va_end(list);
	fflush(context->out);
	diagnostic_warning(context->errors, text_string(&message), looks(context, json));
	write_log(context, "WARNING", text_string(&message));
}
