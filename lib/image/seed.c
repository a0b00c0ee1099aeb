// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/seed.h"

#include <errno.h>
#include <fcntl.h>
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

static int write_files(const struct scratch *scratch, const struct seed_file *files,
		       struct error *err)
{
	for (; files->name; files++) {
		auto_close int fd = -1;

		if (!files->content)
			continue;
		fd = openat(scratch->fd, files->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0600);
		if (fd < 0 || file_write_all(fd, files->content, strlen(files->content)) < 0)
			return error_set_errno(err, errno, "cannot write '%s'", files->name);
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

struct iso {
	const char *volume;
	const struct seed_file *files;
};

// The long and lower-case names of the files need Joliet or Rock Ridge: Windows reads the first,
// Linux both.
static int make_iso(const struct iso *iso, const char *directory, const char *path,
		    struct error *err)
{
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
	list_add(&argv, "-quiet");
	list_add(&argv, "-V");
	list_add(&argv, iso->volume);
	list_add(&argv, "-J");
	list_add(&argv, "-r");
	list_add(&argv, "-o");
	list_add(&argv, path);
	// One by one: the name of the directory is a symbolic link, which would be taken as such.
	list_add(&argv, "-graft-points");
	for (const struct seed_file *file = iso->files; file->name; file++)
		if (file->content)
			list_add_format(&argv, "%s=%s/%s", file->name, directory, file->name);
	return run(&argv, err);
}

int seed_write_files(const char *path, bool replace, const char *volume,
		     const struct seed_file *files, struct error *err)
{
	const struct staging staging = {
		.target = path, .replace = replace, .mode = 0600, .secret = true};
	const struct staged_commit commit = {.sync = true};
	const struct iso iso = {.volume = volume, .files = files};
	auto_scratch struct scratch scratch = {.parent = -1, .private = {.fd = -1}, .fd = -1};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	auto_free char *directory = NULL;

	if (staged_file_begin(&staging, &file, err) < 0)
		return -1;
	if (make_scratch(&scratch, err) == 0)
		directory = private_directory_path(scratch.fd);
	if (!directory || write_files(&scratch, files, err) < 0 ||
	    make_iso(&iso, directory, file.path, err) < 0 ||
	    staged_file_commit(&file, &commit, err) < 0)
		return error_wrap(err, "cannot make the seed '%s'", path);
	return 0;
}

int seed_write(const char *path, bool replace, const struct seed *seed, struct error *err)
{
	const struct seed_file files[] = {
		{"user-data", seed->user_data},
		{"meta-data", seed->meta_data},
		{"network-config", seed->network_config},
		{"vendor-data", seed->vendor_data},
		{NULL, NULL},
	};

	return seed_write_files(path, replace, "cidata", files, err);
}
