// SPDX-License-Identifier: GPL-3.0-or-later
// A command line that is still being typed, up to the cursor.
#pragma once

#include <stddef.h>

#include "base/list.h"

struct typed {
	struct list words; // without their quotes; the last is what the cursor stands in, or ""
	size_t kept;       // bytes of the last word that stand before what a candidate replaces
	char quote;        // that is open, '\0' for none
};

// How a line is read: by virsh's lexer (tokens.h), where readline completes what stands behind
// the last blank, or by a POSIX shell, where it completes what stands behind the last of BREAKS
// (bash's COMP_WORDBREAKS).
struct typed typed_as_command(const char *line);
struct typed typed_in_shell(const char *line, const char *breaks);
void typed_clear(struct typed *typed);
#define auto_typed __attribute__((cleanup(typed_clear)))

// What replaces the word, or the rest of it, to make it CANDIDATE, which begins with it: quoted
// as the place wants it. The caller's.
char *typed_replacement(const struct typed *typed, const char *candidate);
