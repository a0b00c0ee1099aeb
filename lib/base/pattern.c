// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pattern.h"

#include "base/error.h"

enum { REASON_MOST = 256 }; // bytes

int pattern_compile(regex_t *regex, const char *text, struct error *err)
{
	char why[REASON_MOST];
	int failed = regcomp(regex, text, REG_EXTENDED | REG_NEWLINE);

	if (!failed)
		return 0;
	regerror(failed, regex, why, sizeof(why));
	return error_set(err, STATUS_USAGE, "'%s' is not a regular expression: %s", text, why);
}
