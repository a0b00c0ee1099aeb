// SPDX-License-Identifier: GPL-3.0-or-later
// Whether something listens at an address.
#pragma once

#include <stdbool.h>

struct cancel;

// Connects to PORT of the numeric ADDRESS, for MILLISECONDS at most, and reads GREETING from it
// (NULL: nothing).
bool port_answers(const char *address, unsigned port, const char *greeting,
		  const struct cancel *cancel, int milliseconds);
