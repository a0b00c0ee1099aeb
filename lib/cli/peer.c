// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/peer.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/context.h"

void peer_recognise(struct context *context, const char *called)
{
	const struct program *program = context->program;
	const char *slash = called ? strrchr(called, '/') : NULL;
	const char *name = slash ? slash + 1 : called;

	context->name = program->name;
	for (const char *const *peer = program->peers; peer && *peer; peer++) {
		if (!text_equal(*peer, name))
			continue;
		context->name = *peer;
		context->peer = true;
	}
}

int peer_usage(const struct context *context)
{
	// virt-install and its kin tell them apart, virsh does not.
	return context->peer && context->program->grammar == GRAMMAR_VIRSH ? STATUS_FAILED
									   : STATUS_USAGE;
}
