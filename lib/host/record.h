// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a machine down: what the checks have looked at becomes a tree that root_open() reads,
// without names of people and hosts, addresses, serial numbers, passwords.
#pragma once

#include <stddef.h>

#include "host/facts.h"
#include "host/root.h"

struct error;
struct host;

// What has been looked at, and what was found beside files.
struct recording {
	struct root_trace trace;
	struct facts facts;
};

// From now on what HOST is asked is noted in RECORDING, which must live as long.
void record_begin(struct host *host, struct recording *recording);

// Writes it below DIRECTORY, which must not exist yet, and gives the number of files in *FILES. On
// failure nothing is left.
int record_write(const struct host *host, const struct recording *recording, const char *directory,
		 size_t *files, struct error *err);

// Notes a fact if HOST is being recorded.
void record_fact(const struct host *host, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void record_clear(struct recording *recording);
#define auto_recording __attribute__((cleanup(record_clear)))
