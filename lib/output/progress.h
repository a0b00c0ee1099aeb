// SPDX-License-Identifier: GPL-3.0-or-later
// A bar for those who wait: how much is done, how fast it goes, how long it will take.
#pragma once

#include <stdio.h>

struct progress;

// A bar on OUT, where that is a terminal; else NULL, which the other calls accept. TOTAL is the
// number of bytes to be done, 0 where it is not known (yet).
struct progress *progress_new(FILE *out, const char *label, unsigned long long total);

void progress_total(struct progress *progress, unsigned long long total);

// That many bytes are done.
void progress_bytes(struct progress *progress, unsigned long long done);

// This part of the total is done, 0 to 1.
void progress_part(struct progress *progress, double part);

// Says on OUT, which is no terminal, that all is done: what virsh prints there.
void progress_done(FILE *out, const char *label);

// Takes the bar off the terminal.
void progress_free(struct progress *progress);

static inline void cleanup_progress(struct progress **progress)
{
	progress_free(*progress);
}
#define auto_progress __attribute__((cleanup(cleanup_progress)))
