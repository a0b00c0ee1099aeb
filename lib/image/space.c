// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/space.h"

#include <limits.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"

unsigned long long space_free(const char *path)
{
	auto_free char *directory = file_directory(path);
	struct statvfs status;

	if (statvfs(path, &status) < 0 && statvfs(directory, &status) < 0)
		return ULLONG_MAX;
	return (unsigned long long)(geteuid() == 0 ? status.f_bfree : status.f_bavail) *
	       status.f_frsize;
}

int space_check(const char *path, unsigned long long needed, struct error *err)
{
	unsigned long long there = space_free(path);
	auto_free char *directory = file_directory(path);
	auto_free char *wanted = size_text(needed), *free_text = size_text(there);

	if (needed <= there)
		return 0;
	return error_set(err, STATUS_FAILED, "'%s' needs up to %s, %s are free in '%s'", path,
			 wanted, free_text, directory);
}
