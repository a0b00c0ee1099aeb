// SPDX-License-Identifier: GPL-3.0-or-later
// What another program writes, passed on as it comes: in a pipe its bytes, on a terminal nothing
// that drives it, of one of many each line behind the name of its object, and with --json nothing
// until the end, when it is there as text.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct call;
struct error;

enum relay_stream { RELAY_OUTPUT, RELAY_ERRORS, RELAY_STREAMS };

struct relay {
	struct call *call;
	bool keeps;                      // for JSON
	struct text held[RELAY_STREAMS]; // all of it for JSON, else what waits for the line's end
	unsigned long long passed[RELAY_STREAMS]; // bytes
};

void relay_begin(struct relay *relay, struct call *call);

// Fails where standard output takes no more.
int relay_pass(struct relay *relay, enum relay_stream stream, const char *bytes, size_t length,
	       struct error *err);

// Passes on a last line that has no end.
int relay_end(struct relay *relay, struct error *err);

// What was written to STREAM, for JSON; lent.
const char *relay_text(const struct relay *relay, enum relay_stream stream);

void relay_clear(struct relay *relay);
#define auto_relay __attribute__((cleanup(relay_clear)))
