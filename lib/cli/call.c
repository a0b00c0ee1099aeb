// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/hint.h"
#include "output/diagnostic.h"
#include "output/report.h"

// What the command acts on, or would have.
static const char *object_name(const struct call *call)
{
	if (call->object.typed || !call->command || !call->command->target || !call->arguments)
		return call->object.typed;
	return argument_text(call, call->command->target->option);
}

static struct diagnostic_looks looks(const struct call *call)
{
	const struct peer *peer = call->context->peer;
	const char *mark = peer && peer->marks ? peer->name : NULL;
	bool json = call->context->json || (call->arguments && call->arguments->json);

	return (struct diagnostic_looks){
		.json = json && !mark,
		.terminal = isatty(fileno(call->context->errors)) != 0,
		.command = call->command ? call->command->name : NULL,
		.host = call->host,
		.object = object_name(call),
		.mark = mark,
		.many = call->selected,
	};
}

int context_log_open(struct context *context, const char *path, struct error *err)
{
	FILE *log = fopen(path, "ae");

	if (!log)
		return error_set_errno(err, errno, "cannot open the log file '%s'", path);
	if (context->log)
		fclose(context->log);
	context->log = log;
	return 0;
}

void context_log(struct context *context, const char *level, const char *message)
{
	char when[32];
	struct tm local;
	time_t now = time(NULL);

	if (!context->log || !message)
		return;
	localtime_r(&now, &local);
	strftime(when, sizeof(when), "%Y.%m.%d %H:%M:%S", &local);
	fprintf(context->log, "[%s %s %d] %s %s\n", when, context->name, (int)getpid(), level,
		message);
	fflush(context->log);
}

void call_error(const struct call *call, const struct error *err)
{
	struct context *context = call->context;
	struct error shown = *err;
	auto_free char *message = NULL, *hint = NULL;

	if (context->abandoned)
		return;
	fflush(context->out);
	shown.hint = hint = hint_spell(call, err->hint);
	if (context->line && !context->interactive) {
		message = text_format("line %ld: %s", context->line, err->message);
		shown.message = message;
	}
	diagnostic_error(context->errors, &shown, looks(call));
	context_log(context, "ERROR", err->message);
	context_log(context, "ERROR", err->reason);
}

void call_note(const struct call *call, const char *format, ...)
{
	va_list list;

	if (call->context->quiet || report_is_json(call->report))
		return;
	fflush(call->context->out);
	va_start(list, format);
	vfprintf(call->context->errors, format, list);
	va_end(list);
	fputc('\n', call->context->errors);
}

bool call_is_single(const struct call *call)
{
	return !report_is_json(call->report) && !call->selected && !call->host;
}

void call_warning(const struct call *call, const char *format, ...)
{
	auto_free char *message = NULL;
	va_list list;

	va_start(list, format);
	message = hint_write(call, format, list);
	va_end(list);
	fflush(call->context->out);
	diagnostic_warning(call->context->errors, message, looks(call));
	context_log(call->context, "WARNING", message);
}

void context_error(struct context *context, const struct error *err)
{
	call_error(&(struct call){.context = context}, err);
}
