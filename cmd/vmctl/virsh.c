// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/virsh.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/dispatch.h"
#include "cli/trace.h"
#include "virt/session.h"

int virsh_debug(const struct call *call)
{
	auto_error struct error ignored = {0};
	const char *text = getenv("VIRSH_DEBUG");
	long long level;

	if (!text)
		return TRACE_LEVEL_MOST;
	if (number_parse(text, 0, TRACE_LEVEL_MOST, &level, &ignored) == 0)
		return (int)level;
	call_warning(call, "VIRSH_DEBUG is '%s' and not a level, 0 to %d", text, TRACE_LEVEL_MOST);
	return TRACE_LEVEL_MOST;
}

const char *virsh_log(void)
{
	const char *path = getenv("VIRSH_LOG_FILE");

	return path && *path ? path : NULL;
}

const char *virsh_uri(void)
{
	const char *uri = getenv("VIRSH_DEFAULT_CONNECT_URI");

	return uri ? uri : "";
}

static char *library_version(void)
{
	unsigned long version = LIBVIR_VERSION_NUMBER;

	virGetVersion(&version, NULL, NULL);
	return text_format("%lu.%lu.%lu", version / 1000000, version / 1000 % 1000, version % 1000);
}

void virsh_version(struct context *context)
{
	auto_free char *version = library_version();

	fprintf(context->out, "%s\n", version);
}

void virsh_long_version(struct context *context)
{
	auto_free char *version = library_version();

	fprintf(context->out,
		"Virsh command line tool of libvirt %s\n"
		"See web site at https://libvirt.org/\n\n"
		"This is vmctl %s, part of vmkit, in the place of virsh.\n",
		version, VMKIT_VERSION);
}

void virsh_welcome(struct context *context)
{
	if (!context->quiet)
		fprintf(context->out,
			"Welcome to %s, the virtualization interactive terminal.\n\n"
			"Type:  'help' for help with commands\n"
			"       'quit' to quit\n\n",
			context->name);
}

char *virsh_prompt(const struct context *context)
{
	const struct sessions *sessions = context->session;

	return text_format("%s %c ", context->name, sessions->items[0]->readonly ? '>' : '#');
}

// Each line is said again behind the prompt, as if somebody had typed it.
static void run_lines(struct context *context, FILE *lines)
{
	auto_free char *prompt = virsh_prompt(context);
	auto_free char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while (!context->leave && !interrupt_signal()) {
		length = getline(&line, &size, lines);
		if (length > 0 && line[length - 1] == '\n')
			line[length - 1] = '\0';
		fputs(prompt, context->out);
		if (length < 0)
			break;
		fprintf(context->out, "%s\n", line);
		dispatch_string(context, line);
	}
	fputc('\n', context->out);
}

int virsh_batch(struct context *context, int input)
{
	auto_fclose FILE *lines = fdopen(dup(input), "r");
	struct sessions *sessions = context->session;
	struct call first = {.context = context, .session = sessions->items[0]};
	auto_error struct error err = {0};

	context->interactive = context->many = true;
	if (!lines) {
		error_set_errno(&err, errno, "cannot read commands");
		context_error(context, &err);
		return STATUS_FAILED;
	}
	if (session_prepare(&first, &err) < 0) {
		context_error(context, &err);
		return STATUS_FAILED;
	}
	virsh_welcome(context);
	run_lines(context, lines);
	return STATUS_OK;
}
