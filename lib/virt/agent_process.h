// SPDX-License-Identifier: GPL-3.0-or-later
// Processes of a guest by its agent.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "base/text.h"

struct agent;
struct error;

struct agent_process {
	const char *const *argv;        // ends with NULL
	const struct list *environment; // NAME=VALUE, all there is; NULL: the agent's own
	bool output;                    // kept until its end is told: for little output alone
};

struct agent_status {
	bool exited;
	bool killed;        // by a signal
	int status;         // its exit status, 128+N where signal N has ended it
	struct text output; // what was kept of it
	struct text errors;
};
void agent_status_clear(struct agent_status *status);
#define auto_agent_status __attribute__((cleanup(agent_status_clear)))

// Starts it, with nothing on its standard input; gives its process id, or -1.
long long agent_process_start(const struct agent *agent, const struct agent_process *process,
			      struct error *err);

// How it stands. One that has exited is forgotten by the agent: its id may be another's.
int agent_process_look(const struct agent *agent, long long pid, struct agent_status *status,
		       struct error *err);

// Waits for the end of one with `output`, for MILLISECONDS at most. What it wrote to standard
// output, a few lines, goes to *OUTPUT (the caller's) unless that is NULL. An exit status that is
// not 0 is an error, with the last line of its standard error as the reason.
int agent_process_end(const struct agent *agent, long long pid, int milliseconds, char **output,
		      struct error *err);

// What an exit status of such a script means; ERRORS is what it wrote to standard error.
int agent_script_judge(int status, char *errors, struct error *err);

// Starts the sh script SCRIPT with `output`; its $1, $2 ... are ARGUMENTS (at most 12, ends with
// NULL; NULL for none). Gives its process id, or -1.
long long agent_script_start(const struct agent *agent, const char *script,
			     const char *const *arguments, struct error *err);

// Runs such a script to its end, even if the call is ended. Its exit statuses 3 and 4 are
// STATUS_NOT_FOUND and STATUS_CONFLICT.
int agent_script(const struct agent *agent, const char *script, const char *const *arguments,
		 int milliseconds, char **output, struct error *err);
