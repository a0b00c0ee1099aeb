// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/image_cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

enum { KEY_LENGTH = 12 }; // digits of the checksum in a name

char *image_cache_directory(const char *given)
{
	const char *home = getenv("XDG_CACHE_HOME");

	if (given)
		return text_copy(given);
	if (geteuid() == 0)
		return text_copy("/var/cache/vmkit/images");
	if (home && *home)
		return text_format("%s/vmkit/images", home);
	home = getenv("HOME");
	return text_format("%s/.cache/vmkit/images", home ? home : ".");
}

int image_cache_make(const char *path, struct error *err)
{
	auto_free char *copy = text_copy(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0755);
		*slash = '/';
	}
	if (mkdir(copy, 0755) < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot create the cache '%s'", path);
	return 0;
}

char *image_cache_name(const char *file, const char *checksum)
{
	const char *dot = strrchr(file, '.');
	int stem = dot && dot > file ? (int)(dot - file) : (int)strlen(file);

	if (!checksum)
		return text_copy(file);
	return text_format("%.*s-%.*s%s", stem, file, KEY_LENGTH, checksum, file + stem);
}

static bool is_younger(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

char *image_cache_find(const char *cache, const char *file)
{
	const char *dot = strrchr(file, '.');
	auto_free char *stem = dot ? text_copy_bytes(file, (size_t)(dot - file)) : text_copy(file);
	auto_free char *begins = text_format("%s-", stem), *found = NULL;
	DIR *all = opendir(cache);
	struct dirent *entry;
	struct timespec youngest = {0};

	while (all && (entry = readdir(all))) {
		auto_free char *path = text_format("%s/%s", cache, entry->d_name);
		struct stat status;

		if (!text_equal(entry->d_name, file) &&
		    !(text_begins(entry->d_name, begins) &&
		      strlen(entry->d_name) == strlen(file) + KEY_LENGTH + 1 &&
		      text_ends(entry->d_name, dot ? dot : "")))
			continue;
		if (stat(path, &status) < 0 || (found && !is_younger(&status.st_mtim, &youngest)))
			continue;
		youngest = status.st_mtim;
		free(take(&found));
		found = take(&path);
	}
	if (all)
		closedir(all);
	return take(&found);
}
