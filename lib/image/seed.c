// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/seed.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/private_directory.h"
#include "base/process.h"
#include "base/staged_file.h"
#include "base/text.h"

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

// A directory that only we may enter, below $TMPDIR or /tmp.
struct scratch {
	int parent;
	struct private_directory private;
	int fd; // of the directory in it with the files
};

static void scratch_remove(struct scratch *scratch)
{
	if (scratch->fd >= 0)
		close(scratch->fd);
	private_directory_remove(scratch->parent, &scratch->private);
	if (scratch->parent >= 0)
		close(scratch->parent);
}
#define auto_scratch __attribute__((cleanup(scratch_remove)))

static int make_scratch(struct scratch *scratch, struct error *err)
{
	const char *base = getenv("TMPDIR");

	base = base && *base ? base : "/tmp";
	scratch->parent = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (scratch->parent < 0)
		return error_set_errno(err, errno, "cannot open the directory '%s'", base);
	private_directory_sweep(scratch->parent, "seed");
	if (private_directory_make(scratch->parent, "seed", &scratch->private, err) < 0)
		return error_wrap(err, "cannot make a directory in '%s'", base);
	if (mkdirat(scratch->private.fd, "files", 0700) == 0)
		scratch->fd = openat(scratch->private.fd, "files", O_DIRECTORY | O_CLOEXEC);
	return scratch->fd < 0
		       ? error_set_errno(err, errno, "cannot make a directory in '%s'", base)
		       : 0;
}

static int write_files(const struct scratch *scratch, const struct seed *seed, struct error *err)
{
	for (size_t i = 0; i < FILE_COUNT; i++) {
		const char *content = content_of(seed, i);
		auto_close int fd = -1;

		if (!content)
			continue;
		fd = openat(scratch->fd, files[i].name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0600);
		if (fd < 0 || file_write_all(fd, content, strlen(content)) < 0)
			return error_set_errno(err, errno, "cannot write '%s'", files[i].name);
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
static int make_iso(const struct seed *seed, const char *directory, const char *path,
		    struct error *err)
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
	// One by one: the name of the directory is a symbolic link, which would be taken as such.
	list_add(&argv, "-graft-points");
	for (size_t i = 0; i < FILE_COUNT; i++)
		if (content_of(seed, i))
			list_add_format(&argv, "%s=%s/%s", files[i].name, directory, files[i].name);
	return run(&argv, err);
}

int seed_write(const char *path, bool replace, const struct seed *seed, struct error *err)
{
	const struct staging staging = {
		.target = path, .replace = replace, .mode = 0600, .secret = true};
	const struct staged_commit commit = {.sync = true};
	auto_scratch struct scratch scratch = {.parent = -1, .private = {.fd = -1}, .fd = -1};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	auto_free char *directory = NULL;

	if (staged_file_begin(&staging, &file, err) < 0)
		return -1;
	if (make_scratch(&scratch, err) == 0)
		directory = private_directory_path(scratch.fd);
	if (!directory || write_files(&scratch, seed, err) < 0 ||
	    make_iso(seed, directory, file.path, err) < 0 ||
	    staged_file_commit(&file, &commit, err) < 0)
		return error_wrap(err, "cannot make the seed '%s'", path);
	return 0;
}
