// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/companion.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/process.h"
#include "base/text.h"

char *companion_find(const char *name)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	auto_free char *path = NULL;
	char *found = NULL;

	if (length > 0) {
		self[length] = '\0';
		*strrchr(self, '/') = '\0';
		path = text_format("%s/%s", self, name);
		if (access(path, X_OK) == 0)
			return take(&path);
	}
	process_find_system(name, &found);
	return found;
}
