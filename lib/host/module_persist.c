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
#include "host/host.h"
#include "host/module.h"
#include "host/module_ban.h"

static const char load_directory[] = "/etc/modules-load.d";
static const char options_directory[] = "/etc/modprobe.d";
static const char lifted_mark[] = "# lifted by kvm-check: ";

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

// What becomes of a line: the same, a lifted blacklist of NAME, or one put back (true).
static bool append_line(struct text *text, const char *line, const char *name, bool lift)
{
	bool lifted = text_begins(line, lifted_mark);
	const char *content = line + (lifted ? strlen(lifted_mark) : 0);
	bool banned = module_ban_line(content, name) == MODULE_BAN_BLACKLIST;

	if (banned && lifted != lift)
		text_append_format(text, "%s%s\n", lift ? lifted_mark : "", content);
	else
		text_append_format(text, "%s\n", line);
	return banned && lifted != lift;
}

// Lifts (or puts back) what one file says about NAME; a file that says nothing is left alone.
static int edit_file(const char *path, const char *name, bool lift, struct list *files,
		     struct error *err)
{
	auto_free char *content = file_read(path, ROOT_MOST, NULL, err);
	auto_text struct text edited = {0};
	bool changed = false;
	struct stat status;

	if (!content)
		return -1;
	for (const char *next = content; *next;) {
		size_t length = strcspn(next, "\n");
		auto_free char *line = text_copy_bytes(next, length);

		changed |= append_line(&edited, line, name, lift);
		next += length + (next[length] == '\n');
	}
	if (!changed)
		return 0;
	if (stat(path, &status) < 0)
		return error_set_errno(err, errno, "cannot read %s", path);
	if (file_replace(path, edited.data, edited.length, status.st_mode & 0777, err) < 0)
		return -1;
	list_add(files, path);
	return 0;
}

static int edit_blacklists(const struct host *host, const char *name, bool lift, struct list *files,
			   struct error *err)
{
	auto_list struct list all = module_ban_files(host);

	for (size_t i = 0; i < all.count; i++)
		if (text_begins(all.items[i], options_directory) &&
		    edit_file(all.items[i], name, lift, files, err) < 0)
			return -1;
	return 0;
}

// What is left after that. The caches of HOST are from before it.
static void find_standing(const char *name, struct list *standing)
{
	auto_host struct host host = {.root.fd = -1};
	auto_error struct error ignored = {0};
	auto_module_ban struct module_ban ban = {0};

	if (host_open(&host, NULL, &ignored) < 0)
		return;
	module_ban_find(&ban, &host, name);
	if (ban.kind != MODULE_BAN_NONE)
		list_add(standing, ban.where);
}

int module_persist(const struct host *host, const char *name, const struct list *parameters,
		   struct list *files, struct list *standing, struct error *err)
{
	auto_free char *joined = list_join(parameters, " ");
	auto_free char *options = text_format("options %s %s", name, joined);
	auto_free char *load_file = file_of(load_directory, name);
	bool was_there = file_exists(load_file);

	if (write_line(load_directory, name, name, files, err) < 0)
		return -1;
	if ((parameters->count == 0 ||
	     write_line(options_directory, name, options, files, err) == 0) &&
	    edit_blacklists(host, name, true, files, err) == 0) {
		find_standing(name, standing);
		return 0;
	}
	if (!was_there)
		unlink(load_file);
	return -1;
}

int module_forget(const struct host *host, const char *name, struct list *files, struct error *err)
{
	static const char *const directories[] = {load_directory, options_directory};

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		auto_free char *path = file_of(directories[i], name);

		if (unlink(path) == 0)
			list_add(files, path);
		else if (errno != ENOENT)
			return error_set_errno(err, errno, "cannot remove %s", path);
	}
	return edit_blacklists(host, name, false, files, err);
}
