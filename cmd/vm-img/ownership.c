// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/ownership.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/user.h"
#include "cli/argument.h"
#include "cli/call.h"

void ownership_tell(struct call *call, const char *path)
{
	auto_free char *name = NULL;
	struct stat status;

	if (!argument_flag(call, "force") || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    status.st_uid == geteuid())
		return;
	name = user_name(status.st_uid);
	call_warning(call, "'%s' belongs to user %s, as the file that it replaces did", path, name);
}
