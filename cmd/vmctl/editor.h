// SPDX-License-Identifier: GPL-3.0-or-later
// The user's editor on a piece of text.
#pragma once

#include <stdbool.h>

struct call;
struct error;

// CONTENT as the user leaves it, the caller's; NULL when the editor failed. The text lies in a
// private file whose name ends in SUFFIX.
char *editor_edit(struct call *call, const char *content, const char *suffix, struct error *err);

// Asks on the terminal what is to happen after REASON: 'y' edit again, 'n' give up, 'i' once more
// without validation (where offered). Without a terminal it is 'n'.
char editor_ask(struct call *call, const struct error *reason, bool may_ignore);
