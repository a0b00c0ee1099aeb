// SPDX-License-Identifier: GPL-3.0-or-later
// What an internal snapshot of an image holds, as an image of its own.
#pragma once

#include <stdbool.h>

struct error;

struct extraction {
	const char *source;
	const char *format;   // of the source; NULL: its first bytes tell
	const char *snapshot; // its name
	const char *target;   // an image of the same format, which stands on no other
	bool replace;         // an image of the target's name may be replaced
	// Called with the part that is done, 0 to 1; NULL: not wanted.
	void (*hear)(void *data, double part);
	void *data;
};

// Fails with STATUS_NOT_FOUND where the image has no such snapshot, and with STATUS_CONFLICT where
// somebody writes to it.
int extract_snapshot(const struct extraction *extraction, struct error *err);
