// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/seed.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "image/aside.h"

enum { TIMEOUT = 60000 }; // milliseconds

static const struct {
	const char *name;
	size_t content; // of struct seed
} files[] = {
	{"user-data", offsetof(struct seed, user_data)},
	{"meta-data", offsetof(struct seed, meta_data)},
	{"network-config", offsetof(struct seed, network_config)},
	{"vendor-data", offsetof(struct seed, vendor_data)},
};
enum { FILE_COUNT = sizeof(files) / sizeof(*files) };

static const char *content_of(const struct seed *seed, size_t i)
{
	return *(const char *const *)((const char *)seed + files[i].content);
}

// A directory that only we may enter, with the files; removed with them at the end of its scope.
static void remove_directory(char **directory)
{
	if (!*directory)
		return;
	for (size_t i = 0; i < FILE_COUNT; i++) {
		auto_free char *path = text_format("%s/%s", *directory, files[i].name);

		unlink(path);
	}
	rmdir(*directory);
	free(*directory);
}
#define auto_directory __attribute__((cleanup(remove_directory)))

static char *make_directory(struct error *err)
{
	const char *base = getenv("TMPDIR");
	auto_free char *path = text_format("%s/vmkit-XXXXXX", base && *base ? base : "/tmp");

	if (mkdtemp(path))
		return take(&path);
	error_set_errno(err, errno, "cannot create a directory '%s'", path);
	return NULL;
}

static int write_files(const char *directory, const struct seed *seed, struct error *err)
{
	for (size_t i = 0; i < FILE_COUNT; i++) {
		const char *content = content_of(seed, i);
		auto_free char *path = text_format("%s/%s", directory, files[i].name);

		if (content && file_replace(path, content, strlen(content), 0600, err) < 0)
			return -1;
	}
	return 0;
}

static int run(struct list *argv, struct error *err)
{
	struct process process = {
		.argv = (const char *const *)argv->items, .timeout = TIMEOUT, .bound = true};
	auto_free char *output = process_output(&process, err);

	return output ? 0 : -1;
}

// The long and lower-case names of the files need Joliet or Rock Ridge; Linux reads both.
static int make_iso(const char *directory, const char *path, struct error *err)
{
	static const char *const options[] = {"-quiet", "-V", "cidata", "-J", "-r", "-o", NULL};
	auto_list struct list argv = {0};

	if (process_find("xorriso", NULL)) {
		list_add(&argv, "xorriso");
		list_add(&argv, "-as");
		list_add(&argv, "mkisofs");
	} else if (process_find("genisoimage", NULL)) {
		list_add(&argv, "genisoimage");
	} else {
		error_set(err, STATUS_NOT_FOUND, "neither xorriso nor genisoimage is installed");
		return error_hint(err, "xorriso is in the package xorriso");
	}
	for (const char *const *option = options; *option; option++)
		list_add(&argv, *option);
	list_add(&argv, path);
	list_add(&argv, directory);
	return run(&argv, err);
}

// What is replaced must not lend its mode to what may hold secrets.
static int make_private(const char *path, struct error *err)
{
	if (!file_exists(path) || chmod(path, 0600) == 0)
		return 0;
	return error_set_errno(err, errno, "cannot make '%s' private", path);
}

int seed_write(const char *path, bool replace, const struct seed *seed, struct error *err)
{
	auto_directory char *directory = NULL;
	auto_aside struct aside aside = {.fd = -1};
	auto_free char *absolute = NULL;

	if (aside_begin(path, replace, &aside, err) < 0)
		return -1;
	if (fchmod(aside.fd, 0600) < 0)
		return error_set_errno(err, errno, "cannot make '%s' private", path);
	absolute = file_absolute(aside.path);
	directory = make_directory(err);
	if (!directory || write_files(directory, seed, err) < 0 ||
	    make_iso(directory, absolute, err) < 0 || make_private(path, err) < 0 ||
	    aside_commit(&aside, true, err) < 0)
		return error_wrap(err, "cannot make the seed '%s'", path);
	return 0;
}
