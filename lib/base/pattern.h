// SPDX-License-Identifier: GPL-3.0-or-later
// Extended regular expressions that users write.
#pragma once

#include <regex.h>

struct error;

// ^ and $ match at lines too. The caller frees REGEX by regfree(), where it was made; a TEXT that
// is not a regular expression is STATUS_USAGE.
int pattern_compile(regex_t *regex, const char *text, struct error *err);
