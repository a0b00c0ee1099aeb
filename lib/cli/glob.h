// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns of names as in a shell: * for anything, ? for one character, [abc], [a-f] and [!abc] for
// one of a set; and [1-20] or [01-20] for a number of a range, which a shell does not know.
#pragma once

#include <stdbool.h>

// Whether all of NAME is as PATTERN says. A `[` without `]` stands for itself. Takes time in
// proportion to the product of their lengths, whatever they are.
bool glob_matches(const char *pattern, const char *name);
