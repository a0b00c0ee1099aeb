// SPDX-License-Identifier: GPL-3.0-or-later
// Errors and warnings as people see them, or as JSON, on standard error.
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct error;

struct diagnostic_looks {
	bool json;     // one object on one line: {"status", "error", "reason", "hint"}
	bool terminal; // hints are given, control characters are shown as \xNN
};

// "error: what", "error: why" and on a terminal "hint: how to fix it".
void diagnostic_error(FILE *out, const struct error *err, struct diagnostic_looks looks);

void diagnostic_warning(FILE *out, const char *message, struct diagnostic_looks looks);
