// SPDX-License-Identifier: GPL-3.0-or-later
// The objects that a selector (cli/selector.h) takes on one host.
#pragma once

struct call;
struct calls;
struct error;

// Adds a call for each object that the word of CALL's target selects, of those in WITHIN (NULL: on
// the host), sorted by name. Says of each
// name in it that is not there that it is missing. Takes one question to the daemon, two where
// states are asked of a kind that has no bulk statistics.
int select_targets(struct call *call, struct calls *calls, const char *host, void *within,
		   struct error *err);
