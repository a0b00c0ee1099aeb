// SPDX-License-Identifier: GPL-3.0-or-later
// The users of this host, for messages.
#pragma once

#include <sys/types.h>

// "alice", or the number where that has no name; the caller's.
char *user_name(uid_t user);
