// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/peer.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/dispatch.h"
#include "cli/program.h"

void peer_recognise(struct context *context, const char *called)
{
	const struct program *program = context->program;
	const char *slash = called ? strrchr(called, '/') : NULL;
	const char *name = slash ? slash + 1 : called;

	context->name = program->name;
	for (const struct peer *peer = program->peers; peer && peer->name; peer++) {
		if (!text_equal(peer->name, name))
			continue;
		context->name = peer->name;
		context->stands_for = peer->command;
		context->peer = peer;
	}
}

int peer_usage(const struct context *context)
{
	return context->peer ? context->peer->usage : STATUS_USAGE;
}

int peer_ask(struct context *context, const struct list *words, const struct error *failed)
{
	auto_error struct error ignored = {0};

	if (!words || !context->peer || !context->peer->itself || context->json ||
	    (failed && failed->status != STATUS_USAGE))
		return -1;
	fflush(context->out);
	return context->peer->itself(context, words, &ignored);
}

int peer_run(struct context *context, const struct list *words)
{
	auto_list struct list all = {0};

	if (words->count && text_equal(words->items[0], "--version")) {
		program_version(context);
		return STATUS_OK;
	}
	list_add(&all, context->stands_for);
	for (size_t i = 0; i < words->count; i++)
		list_add(&all, words->items[i]);
	return dispatch_words(context, &all);
}
