// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/module_ban.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/host.h"
#include "host/module.h"

// By weight, as modprobe.d(5) has them.
static const char *const directories[] = {"/etc/modprobe.d", "/run/modprobe.d",
					  "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
					  "/lib/modprobe.d"};

enum { DIRECTORIES = sizeof(directories) / sizeof(*directories) };

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool hidden(const struct list *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (text_equal(base_name(files->items[i]), name))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(base_name(*(char *const *)a), base_name(*(char *const *)b));
}

struct list module_ban_files(const struct host *host)
{
	struct list files = {0};

	for (size_t i = 0; i < DIRECTORIES; i++) {
		auto_list struct list names = root_names(&host->root, directories[i]);

		for (size_t j = 0; j < names.count; j++)
			if (text_ends(names.items[j], ".conf") && !hidden(&files, names.items[j]))
				list_add_format(&files, "%s/%s", directories[i], names.items[j]);
	}
	if (files.count)
		qsort(files.items, files.count, sizeof(*files.items), compare);
	return files;
}

bool module_ban_is_file(const char *path)
{
	for (size_t i = 0; i < DIRECTORIES; i++)
		if (text_begins(path, directories[i]) && path[strlen(directories[i])] == '/')
			return true;
	return false;
}

enum module_ban_kind module_ban_line(const char *line, const char *name)
{
	auto_list struct list words = list_split(line, " \t");

	if (words.count < 2 || !module_same_name(words.items[1], name))
		return MODULE_BAN_NONE;
	if (text_equal(words.items[0], "blacklist"))
		return MODULE_BAN_BLACKLIST;
	if (words.count > 2 && text_equal(words.items[0], "install") &&
	    (text_ends(words.items[2], "/false") || text_ends(words.items[2], "/true")))
		return MODULE_BAN_INSTALL;
	return MODULE_BAN_NONE;
}

static void take_harder(struct module_ban *ban, enum module_ban_kind kind, const char *where)
{
	if (kind <= ban->kind)
		return;
	free(ban->where);
	ban->kind = kind;
	ban->where = text_copy(where);
}

static void look_in_file(struct module_ban *ban, const struct host *host, const char *path,
			 const char *name)
{
	const char *content = root_kept(&host->root, path, ROOT_MOST);
	auto_list struct list lines = list_split(content ? content : "", "\n");

	for (size_t i = 0; i < lines.count; i++)
		take_harder(ban, module_ban_line(lines.items[i], name), path);
}

static void look_in_cmdline(struct module_ban *ban, const struct host *host, const char *name)
{
	static const struct {
		const char *word;
		enum module_ban_kind kind;
	} rows[] = {{"modprobe.blacklist=", MODULE_BAN_CMDLINE},
		    {"module_blacklist=", MODULE_BAN_KERNEL}};
	const char *line = root_kept(&host->root, "/proc/cmdline", ROOT_MOST);
	auto_list struct list words = list_split(line ? line : "", " \n");

	for (size_t i = 0; i < words.count; i++)
		for (size_t j = 0; j < sizeof(rows) / sizeof(*rows); j++) {
			auto_list struct list names = {0};

			if (!text_begins(words.items[i], rows[j].word))
				continue;
			names = list_split(words.items[i] + strlen(rows[j].word), ",");
			for (size_t k = 0; k < names.count; k++)
				if (module_same_name(names.items[k], name))
					take_harder(ban, rows[j].kind, words.items[i]);
		}
}

void module_ban_find(struct module_ban *ban, const struct host *host, const char *name)
{
	auto_list struct list files = module_ban_files(host);

	*ban = (struct module_ban){0};
	for (size_t i = 0; i < files.count; i++)
		look_in_file(ban, host, files.items[i], name);
	look_in_cmdline(ban, host, name);
}

void module_ban_clear(struct module_ban *ban)
{
	free(ban->where);
	*ban = (struct module_ban){0};
}
