// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/waiting.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/call.h"

struct progress *waiting_bar(struct call *call)
{
	if (call->arguments->quiet || !isatty(fileno(call->context->errors)))
		return NULL;
	return progress_new(call->context->errors, call->command->name, 0);
}

void waiting_total(struct progress *progress, const char *path)
{
	struct stat status;

	if (progress && stat(path, &status) == 0)
		progress_total(progress, (unsigned long long)status.st_blocks * 512);
}

void waiting_hear(void *progress, unsigned long long done)
{
	progress_bytes(progress, done);
}

void waiting_hear_part(void *progress, double part)
{
	progress_part(progress, part);
}
