// SPDX-License-Identifier: GPL-3.0-or-later
// Whether something listens at an address.
#pragma once

#include <stdbool.h>

struct cancel;

// A socket, which does not block, that is connected to PORT of the numeric ADDRESS; -1 where that
// does not come about within MILLISECONDS.
int port_connect(const char *address, unsigned port, const struct cancel *cancel, int milliseconds);

// Connects to PORT of the numeric ADDRESS, for MILLISECONDS at most, and reads GREETING from it
// (NULL: nothing).
bool port_answers(const char *address, unsigned port, const char *greeting,
		  const struct cancel *cancel, int milliseconds);
