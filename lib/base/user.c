// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/user.h"

#include <pwd.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

enum { ENTRY_MOST = 16384 }; // bytes

char *user_name(uid_t user)
{
	auto_free char *buffer = memory_new(ENTRY_MOST, 1);
	struct passwd entry, *found = NULL;

	if (getpwuid_r(user, &entry, buffer, ENTRY_MOST, &found) == 0 && found)
		return text_copy(found->pw_name);
	return text_format("%u", (unsigned)user);
}
