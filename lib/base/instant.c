// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/instant.h"

#include <time.h>

#include "base/text.h"

enum { TEXT_MOST = 80 };

#define INSTANT(name_, parts_of_, format_)                                                         \
	char *name_(long long seconds)                                                             \
	{                                                                                          \
		time_t when = (time_t)seconds;                                                     \
		char text[TEXT_MOST] = "";                                                         \
		struct tm parts;                                                                   \
                                                                                                   \
		if (!parts_of_(&when, &parts))                                                     \
			return NULL;                                                               \
		strftime(text, sizeof(text), format_, &parts);                                     \
		return text_copy(text);                                                            \
	}

INSTANT(instant_exact, gmtime_r, "%Y-%m-%dT%H:%M:%SZ")
INSTANT(instant_minute, gmtime_r, "%Y%m%d%H%M")
INSTANT(instant_utc, gmtime_r, "%Y-%m-%d %H:%M:%S")
INSTANT(instant_local, localtime_r, "%Y-%m-%d %H:%M:%S")
INSTANT(instant_zoned, localtime_r, "%Y-%m-%d %H:%M:%S %z")
