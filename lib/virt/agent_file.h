// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a guest by its agent, in pieces that libvirt can carry.
#pragma once

#include <stddef.h>

struct agent;
struct error;
struct text;

// Bytes of the largest piece, from the guest and to it (AGENT_COMMAND_MOST).
enum { AGENT_READ_MOST = 1 << 20, AGENT_WRITE_MOST = 96 << 10 };

// A handle of the file PATH, opened as fopen() does with MODE; -1 with an error.
long long agent_file_open(const struct agent *agent, const char *path, const char *mode,
			  struct error *err);

// Appends to DATA what comes next, MOST bytes at most. Gives their number, 0 at the end of the
// file, which may grow; -1 with an error.
long long agent_file_read(const struct agent *agent, long long handle, size_t most,
			  struct text *data, struct error *err);

// Writes LENGTH bytes, AGENT_WRITE_MOST at most, all or with an error.
int agent_file_write(const struct agent *agent, long long handle, const void *data, size_t length,
		     struct error *err);

// What was written is in the file for others to read.
int agent_file_flush(const struct agent *agent, long long handle, struct error *err);

// Closes it, and where there was something to write says whether that failed; -1 is no handle.
int agent_file_close(const struct agent *agent, long long handle, struct error *err);
