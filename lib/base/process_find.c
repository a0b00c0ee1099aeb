// SPDX-License-Identifier: GPL-3.0-or-later
// Where programs are.
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"

static bool is_file(const char *path, const struct stat *file)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_dev == file->st_dev &&
	       status.st_ino == file->st_ino;
}

// EXCEPT is a file that is not meant; NULL for none.
static bool find_in(const char *variable, const char *name, const struct stat *except, char **path)
{
	auto_list struct list directories = list_split(variable, ":");

	for (size_t i = 0; i < directories.count; i++) {
		auto_free char *candidate = text_format("%s/%s", directories.items[i], name);

		if (access(candidate, X_OK) != 0 || (except && is_file(candidate, except)))
			continue;
		if (path)
			*path = take(&candidate);
		return true;
	}
	return false;
}

static const char *path_variable(void)
{
	const char *variable = getenv("PATH");

	return variable ? variable : "/usr/local/bin:/usr/bin:/bin";
}

bool process_find(const char *name, char **path)
{
	return find_in(path_variable(), name, NULL, path);
}

char *process_find_other(const char *name)
{
	char *path = NULL;
	struct stat self;

	find_in(path_variable(), name, stat("/proc/self/exe", &self) == 0 ? &self : NULL, &path);
	return path;
}

bool process_find_system(const char *name, char **path)
{
	return find_in("/usr/sbin:/usr/bin:/sbin:/bin", name, NULL, path);
}

char *process_self(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self));

	return length > 0 ? text_copy_bytes(self, (size_t)length) : NULL;
}

char *process_sibling(const char *name)
{
	auto_free char *self = process_self();
	auto_free char *path =
		self ? text_format("%.*s/%s", (int)(strrchr(self, '/') - self), self, name) : NULL;

	return path && access(path, X_OK) == 0 ? take(&path) : NULL;
}
