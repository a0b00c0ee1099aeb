// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/copy_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/private_directory.h"
#include "base/process.h"
#include "base/text.h"
#include "cmd/vmctl/guest/copy.h"

int copy_spool(struct error *err)
{
	const char *place = getenv("TMPDIR");
	int fd;

	place = place && *place ? place : "/var/tmp";
	fd = open(place, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd < 0 ? error_set_errno(err, errno, "cannot make a file in '%s'", place) : fd;
}

static int tar(const char *const *argv, struct error *err)
{
	auto_free char *ignored =
		process_output(&(struct process){.argv = argv, .bound = true}, err);

	return ignored ? 0 : -1;
}

int copy_pack(const char *directory, struct error *err)
{
	int fd = copy_spool(err);
	auto_free char *path = fd < 0 ? NULL : private_directory_path(fd);
	const char *const argv[] = {"tar", "-C", directory, "-cf", path, ".", NULL};

	if (fd < 0)
		return -1;
	if (tar(argv, err) == 0 && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

// Looks at the first letter of each line of a listing.
struct listing {
	bool within; // a line
	bool devices;
};

static void look_at(void *data, const char *bytes, size_t length)
{
	struct listing *listing = data;

	for (size_t i = 0; i < length; i++) {
		if (!listing->within && (bytes[i] == 'b' || bytes[i] == 'c'))
			listing->devices = true;
		listing->within = bytes[i] != '\n';
	}
}

static int refuse_devices(const char *archive, struct error *err)
{
	const char *const argv[] = {"tar", "-tvf", archive, NULL};
	struct listing listing = {0};
	auto_process_result struct process_result result = {0};

	if (process_run(
		    &(struct process){
			    .argv = argv, .bound = true, .output = look_at, .data = &listing},
		    &result, err) < 0)
		return -1;
	return listing.devices ? error_set(err, STATUS_FAILED, "the directory holds device nodes")
			       : 0;
}

static int unpack_into(const struct private_directory *directory, int archive, int parent,
		       const char *name, struct error *err)
{
	auto_free char *path = private_directory_path(archive);
	auto_free char *place = private_directory_path(directory->fd);
	auto_free char *tree = text_format("%s/tree", place);
	const char *const argv[] = {
		"tar", "-C", tree, "-xf", path, "--no-same-owner", "--no-same-permissions", NULL};

	if (mkdirat(directory->fd, "tree", 0755) < 0)
		return error_set_errno(err, errno, "cannot make a directory");
	if (refuse_devices(path, err) < 0 || tar(argv, err) < 0)
		return -1;
	if (renameat2(directory->fd, "tree", parent, name, RENAME_NOREPLACE) < 0)
		return error_set_errno(err, errno, "cannot make '%s'", name);
	return 0;
}

int copy_unpack(int fd, const char *target, struct error *err)
{
	auto_free char *above = file_directory(target), *name = copy_name(target);
	auto_close int parent = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct private_directory directory;
	int failed;

	if (parent < 0)
		return error_set_errno(err, errno, "cannot open '%s'", above);
	if (file_exists(target))
		return error_set(err, STATUS_CONFLICT, "'%s' is there already", target);
	if (private_directory_make(parent, "vmctl-", &directory, err) < 0)
		return -1;
	failed = unpack_into(&directory, fd, parent, name, err);
	private_directory_remove(parent, &directory);
	return failed;
}
