// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/companion.h"

#include <stddef.h>

#include "base/process.h"

char *companion_find(const char *name)
{
	char *found = process_sibling(name);

	if (!found)
		process_find_system(name, &found);
	return found;
}
