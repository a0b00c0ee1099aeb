// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive shell. The only place that knows readline.
#pragma once

struct context;

struct shell {
	// What stands before the cursor, the caller's.
	char *(*prompt)(struct context *context);
	// A command that did not end at ^C was left behind with the session it uses: puts a fresh
	// one in its place.
	void (*renew)(struct context *context);
};

// Reads and runs commands until `quit` or the end of input. ^C ends the running command, not the
// shell. Gives the exit status, which is 0: whoever types has seen what failed.
int shell_run(struct context *context, const struct shell *shell);
