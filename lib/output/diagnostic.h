// SPDX-License-Identifier: GPL-3.0-or-later
// Errors and warnings as people see them, or as JSON, on standard error.
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct error;

struct diagnostic_looks {
	bool json;           // one object on one line; README.md has its keys
	bool terminal;       // control characters are shown as \xNN
	const char *command; // that failed; NULL for none, as the others
	const char *host;
	const char *object;
	// Begins the one line that an error then is, without its hint, unless a program that ran
	// said it itself; NULL.
	const char *mark;
	bool many; // the command ran for many: the text names the host and the object
};

// "error: what", "error: why" and "hint: how to fix it".
void diagnostic_error(FILE *out, const struct error *err, struct diagnostic_looks looks);

void diagnostic_warning(FILE *out, const char *message, struct diagnostic_looks looks);
