// SPDX-License-Identifier: GPL-3.0-or-later
// A text in the hands of the user's editor. It lies in a private file until it is accepted; what
// was typed is never lost: where it comes to nothing the file stays, and the error says where.
#pragma once

#include <signal.h>
#include <stdbool.h>

struct call;
struct error;

enum { DRAFT_SIGNALS = 3 };

struct draft {
	struct call *call;
	char *directory; // private, owned
	char *path;      // in it, owned
	char *given;     // what the text began as, owned
	// What SIGINT, SIGTERM and SIGHUP did before: until the end they only end what waits.
	struct sigaction before[DRAFT_SIGNALS];
};

// Puts CONTENT into a file whose name ends in SUFFIX.
int draft_begin(struct draft *draft, struct call *call, const char *content, const char *suffix,
		struct error *err);

// Runs the editor on it, which has the terminal and its ^C to itself. Gives the text as the user
// leaves it, the caller's; NULL where the editor failed or a signal ended it.
char *draft_edit(struct draft *draft, struct error *err);

// Asks on the terminal what is to happen after REASON: 'y' edit again, 'n' give up, 'f' try once
// more, 'i' once more without validation (where offered). Without a terminal it is 'n'.
char draft_ask(struct draft *draft, const struct error *reason, bool may_ignore);

// Nothing came of it for the reason in ERR: what was typed stays in its file, and ERR says which.
void draft_keep(struct draft *draft, struct error *err);

// Removes the file, unless it was kept. Also takes one that was never begun (all zero).
void draft_end(struct draft *draft);
#define auto_draft __attribute__((cleanup(draft_end)))
