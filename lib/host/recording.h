// SPDX-License-Identifier: GPL-3.0-or-later
// What a machine that is being recorded was asked, and what was found beside files.
#pragma once

#include "host/facts.h"
#include "host/root.h"

struct host;

struct recording {
	struct root_trace trace;
	struct facts facts;
};

// From now on what HOST is asked is noted in RECORDING, which must live as long.
void recording_begin(struct host *host, struct recording *recording);

// Notes a fact if HOST is being recorded.
void recording_note(const struct host *host, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void recording_clear(struct recording *recording);
#define auto_recording __attribute__((cleanup(recording_clear)))
