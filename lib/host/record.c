// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/private_directory.h"
#include "base/text.h"
#include "host/host.h"
#include "host/module_ban.h"
#include "host/record_filter.h"
#include "host/recording.h"

// What a record is written with.
struct writer {
	const struct host *host;
	const char *directory;
	struct list directories; // that are still to be written
	size_t files;
};

// Makes the directories above PATH.
static int make_parents(const char *path, struct error *err)
{
	auto_free char *directory = file_directory(path);

	if (file_make_directories(directory, 0755) < 0)
		return error_set_errno(err, errno, "cannot make '%s'", directory);
	return 0;
}

static int write_file(struct writer *writer, const char *path, const char *content,
		      struct error *err)
{
	auto_free char *full = text_format("%s%s", writer->directory, path);
	auto_close int fd = -1;

	if (make_parents(full, err) < 0)
		return -1;
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 || file_write_all(fd, content, strlen(content)) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", full);
	writer->files++;
	return 0;
}

// Links count, wherever they lead.
static bool is_written(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

// Something that was only seen: a directory, or a file whose content is nobody's business.
static int write_seen(struct writer *writer, const char *path, struct error *err)
{
	auto_free char *full = text_format("%s%s", writer->directory, path);
	struct stat status;

	if (is_written(full) || module_ban_is_file(path) ||
	    root_stat(&writer->host->root, path, &status) < 0)
		return 0;
	if (!S_ISDIR(status.st_mode))
		return write_file(writer, path, "", err);
	list_add(&writer->directories, path);
	return 0;
}

static int write_names(struct writer *writer, const char *path, struct error *err)
{
	auto_list struct list names = root_names(&writer->host->root, path);

	for (size_t i = 0; i < names.count; i++) {
		auto_free char *entry = text_format("%s/%s", path, names.items[i]);

		if (write_seen(writer, entry, err) < 0)
			return -1;
	}
	return 0;
}

// A directory in which nothing is written is an empty file: git, for one, keeps no empty
// directories. Those deeper down come first.
static int write_directories(struct writer *writer, struct error *err)
{
	list_sort(&writer->directories);
	for (size_t i = writer->directories.count; i-- > 0;) {
		const char *path = writer->directories.items[i];
		auto_free char *full = text_format("%s%s", writer->directory, path);

		if (!is_written(full) && write_file(writer, path, "", err) < 0)
			return -1;
	}
	return 0;
}

static int write_link(struct writer *writer, const char *path, struct error *err)
{
	auto_free char *full = text_format("%s%s", writer->directory, path);
	auto_free char *target = root_link(&writer->host->root, path);

	if (!target)
		return 0;
	if (make_parents(full, err) < 0)
		return -1;
	if (symlink(target, full) < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot write '%s'", full);
	writer->files++;
	return 0;
}

static int write_content(struct writer *writer, const char *path, struct error *err)
{
	auto_free char *content = record_filter(writer->host, path);
	auto_free char *name = record_name(writer->host, path);

	return name ? write_file(writer, name, content, err) : 0;
}

static int write_facts(struct writer *writer, const struct facts *facts, struct error *err)
{
	const struct host *host = writer->host;
	auto_free char *found = facts_string(facts);
	auto_free char *all =
		text_format("# Written by kvm-check --record: what files do not tell.\n"
			    "architecture=%s\n%s",
			    host->architecture, found);
	auto_free char *release = text_format("%s\n", host->release ? host->release : "");

	if (write_file(writer, "/proc/sys/kernel/osrelease", release, err) < 0)
		return -1;
	return write_file(writer, FACTS_FILE, all, err);
}

static int write_all(struct writer *writer, const struct recording *recording, struct error *err)
{
	const struct root_trace *trace = &recording->trace;
	const struct {
		const struct list *paths;
		int (*write)(struct writer *writer, const char *path, struct error *err);
	} kinds[] = {
		// What is listed last: what is in there may be written for its own sake.
		{&trace->read, write_content},
		{&trace->links, write_link},
		{&trace->seen, write_seen},
		{&trace->listed, write_names},
	};

	if (write_content(writer, "/proc/cpuinfo", err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (size_t j = 0; j < kinds[i].paths->count; j++)
			if (kinds[i].write(writer, kinds[i].paths->items[j], err) < 0)
				return -1;
	if (write_directories(writer, err) < 0)
		return -1;
	return write_facts(writer, &recording->facts, err);
}

// Made out of sight, and given its name when it is complete: whoever owns the directory around it
// could lead us elsewhere while we write.
static int write_in(int parent, const char *name, struct writer *writer,
		    const struct recording *recording, struct error *err)
{
	struct private_directory private = {.fd = -1};
	auto_close int fd = -1;
	auto_free char *path = NULL;
	int failed = private_directory_make(parent, name, &private, err);

	if (!failed && mkdirat(private.fd, "record", 0755) == 0)
		fd = openat(private.fd, "record", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path = fd < 0 ? NULL : private_directory_path(fd);
	writer->directory = path;
	if (!failed)
		failed = path ? write_all(writer, recording, err)
			      : error_set_errno(err, errno, "cannot make '%s'", name);
	if (!failed && !interrupt_signal() &&
	    renameat2(private.fd, "record", parent, name, RENAME_NOREPLACE) < 0)
		failed = error_set_errno(err, errno, "cannot make '%s'", name);
	private_directory_remove(parent, &private);
	return failed;
}

int record_write(const struct host *host, const struct recording *recording, const char *directory,
		 size_t *files, struct error *err)
{
	struct host quiet = *host; // what is written is not to be noted
	struct writer writer = {.host = &quiet};
	auto_free char *whole = text_copy(directory), *above = NULL;
	auto_close int parent = -1;
	const char *slash;
	int failed;

	quiet.root.trace = NULL;
	for (size_t end = strlen(whole); end > 1 && whole[end - 1] == '/'; end--)
		whole[end - 1] = '\0';
	if (is_written(whole))
		return error_set_errno(err, EEXIST, "cannot make '%s'", directory);
	above = file_directory(whole);
	slash = strrchr(whole, '/');
	parent = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return error_set_errno(err, errno, "cannot make '%s'", directory);
	failed = write_in(parent, slash ? slash + 1 : whole, &writer, recording, err);
	list_clear(&writer.directories);
	*files = writer.files;
	if (interrupt_signal())
		return error_set(err, (enum status)(STATUS_SIGNAL + interrupt_signal()),
				 "interrupted: nothing was recorded");
	return failed;
}
