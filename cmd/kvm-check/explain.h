// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check explain CHECK
#pragma once

#include <stddef.h>

#include "cli/command.h"

struct explanation {
	const char *key;     // of the check
	const char *meaning; // what it looks at
	const char *cost;    // what it costs where it does not pass
	const char *undo;    // of its fix; NULL where that changes nothing for good
};

// That of a check, or NULL.
const struct explanation *explanation_find(const char *key);

extern const struct command explain_command;
