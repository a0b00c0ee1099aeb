// SPDX-License-Identifier: GPL-3.0-or-later
// A program run in a guest: what it reads, what it writes, how it ends.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/list.h"

struct call;
struct error;
struct relay;

// Where its standard input comes from.
struct errand_input {
	int fd; // -1: from nowhere, or it has ended
	bool regular;
	off_t offset; // in a regular file, which others may read too
};

struct errand {
	const struct list *words;
	struct list environment; // NAME=VALUE; lent
	const char *directory;   // NULL: where it comes to be
	const char *user;        // NULL: who runs the agent, or logs in
	long long timeout;       // milliseconds, 0 for none
	bool detached;           // its end is not waited for, and nobody reads what it writes
	struct errand_input input;
};

struct errand_end {
	int status; // its exit status, 128+N where signal N ended it, ERRAND_LATE after `timeout`
	bool late;
	long long pid; // in the guest, where it is known; else 0
};

enum { ERRAND_LATE = 124 }; // as timeout(1) has it

// Takes our own standard input, unless nothing comes of it: a terminal, /dev/null, what has ended.
// Many calls side by side can only share a file.
int errand_input_begin(struct call *call, struct errand_input *input, struct error *err);

// Reads what there is into BUFFER: the number of bytes, 0 for none yet, and at the end, where `fd`
// becomes -1; -1 with an error.
ssize_t errand_input_read(struct errand_input *input, char *buffer, size_t most, struct error *err);

// Runs it by the guest agent. *FORBIDDEN: the agent's configuration does not allow it.
int errand_by_agent(struct call *call, struct errand *errand, struct relay *relay,
		    struct errand_end *end, bool *forbidden, struct error *err);

// Runs it by ssh as its user, who has a key for it that long. Its process id is not known.
int errand_by_ssh(struct call *call, const struct errand *errand, struct relay *relay,
		  struct errand_end *end, struct error *err);
