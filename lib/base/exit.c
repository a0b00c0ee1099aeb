// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static atomic_bool at_once;

void exit_at_once(void)
{
	atomic_store(&at_once, true);
}

int exit_status(int status)
{
	if (!atomic_load(&at_once))
		return status;
	fflush(NULL);
	_exit(status);
}
