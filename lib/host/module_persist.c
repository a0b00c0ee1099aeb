// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/module_persist.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

static const char load_directory[] = "/etc/modules-load.d";
static const char options_directory[] = "/etc/modprobe.d";

static char *file_of(const char *directory, const char *name)
{
	return text_format("%s/vmkit-%s.conf", directory, name);
}

static int write_line(const char *directory, const char *name, const char *line, struct list *files,
		      struct error *err)
{
	auto_free char *path = file_of(directory, name);
	auto_free char *content =
		text_format("# Written by kvm-check; kvm-check unload %s --forget "
			    "removes it.\n%s\n",
			    name, line);

	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot make %s", directory);
	if (file_replace(path, content, strlen(content), 0644, err) < 0)
		return -1;
	list_add(files, path);
	return 0;
}

int module_persist(const char *name, const struct list *parameters, struct list *files,
		   struct error *err)
{
	auto_free char *joined = list_join(parameters, " ");
	auto_free char *options = text_format("options %s %s", name, joined);
	auto_free char *load_file = file_of(load_directory, name);
	bool was_there = file_exists(load_file);

	if (write_line(load_directory, name, name, files, err) < 0)
		return -1;
	if (parameters->count == 0 || write_line(options_directory, name, options, files, err) == 0)
		return 0;
	if (!was_there)
		unlink(load_file);
	return -1;
}

int module_forget(const char *name, struct list *files, struct error *err)
{
	static const char *const directories[] = {load_directory, options_directory};

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		auto_free char *path = file_of(directories[i], name);

		if (unlink(path) == 0)
			list_add(files, path);
		else if (errno != ENOENT)
			return error_set_errno(err, errno, "cannot remove %s", path);
	}
	return 0;
}
