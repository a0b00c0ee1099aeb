// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/state.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"

char *state_path(const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	auto_free char *directory = NULL;

	if (state && *state == '/')
		directory = text_format("%s/vmkit", state);
	else if (home && *home == '/')
		directory = text_format("%s/.local/state/vmkit", home);
	else
		return NULL;
	file_make_directories(directory, 0700);
	return text_format("%s/%s", directory, name);
}
