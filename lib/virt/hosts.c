// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "virt/aliases.h"

enum {
	FILE_MOST = 1024 * 1024, // bytes
	DEPTH_MOST = 8,          // of groups in groups
	HOSTS_MOST = 10000,
};

void hosts_clear(struct hosts *hosts)
{
	list_clear(&hosts->uris);
	list_clear(&hosts->names);
}

int hosts_parse(const char *content, const char *path, struct list *pairs, struct error *err)
{
	auto_list struct list lines = list_split(content, "\n");

	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]), *equals = strchr(line, '=');

		if (!*line || *line == '#')
			continue;
		if (!equals || equals == line)
			return error_set(err, STATUS_USAGE, "%s: '%s' is not NAME = URI", path,
					 line);
		*equals = '\0';
		list_add(pairs, text_strip(line));
		list_add(pairs, text_strip(equals + 1));
	}
	return 0;
}

static int read_pairs(const char *path, struct list *pairs, struct error *err)
{
	auto_free char *content = NULL;

	if (!file_exists(path))
		return 0;
	content = file_read(path, FILE_MOST, NULL, err);
	return content ? hosts_parse(content, path, pairs, err) : -1;
}

// The user's lines first: the first one of a name counts.
static int read_files(struct list *pairs, struct error *err)
{
	const char *directory = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	auto_free char *own = directory && *directory
				      ? text_format("%s/vmkit/hosts", directory)
				      : text_format("%s/.config/vmkit/hosts", home ? home : "");

	return read_pairs(own, pairs, err) < 0 ? -1 : read_pairs("/etc/vmkit/hosts", pairs, err);
}

static const char *look_up(const struct list *pairs, const char *name)
{
	for (size_t i = 0; i + 1 < pairs->count; i += 2)
		if (text_equal(pairs->items[i], name))
			return pairs->items[i + 1];
	return NULL;
}

// A host that is named twice is one.
static void add_host(struct hosts *hosts, const char *uri, const char *name)
{
	if (list_has(&hosts->uris, uri))
		return;
	list_add(&hosts->uris, uri);
	list_add(&hosts->names, name);
}

static int expand(const struct list *pairs, const char *word, int depth, struct hosts *hosts,
		  struct error *err)
{
	const char *meaning = look_up(pairs, word);
	auto_list struct list words = {0};

	if (*word != '@') {
		add_host(hosts, meaning ? meaning : word, word);
		return 0;
	}
	if (!meaning) {
		error_set(err, STATUS_NOT_FOUND, "no group of hosts is called '%s'", word);
		return error_hint(err,
				  "a line '%s = NAME NAME ...' in ~/.config/vmkit/hosts or "
				  "/etc/vmkit/hosts makes one",
				  word);
	}
	words = list_split(meaning, " \t,");
	for (size_t i = 0; i < words.count; i++) {
		if (depth == DEPTH_MOST || hosts->uris.count > HOSTS_MOST)
			return error_set(err, STATUS_USAGE,
					 "the group '%s' is in itself, or too "
					 "large",
					 word);
		if (expand(pairs, words.items[i], depth + 1, hosts, err) < 0)
			return -1;
	}
	return 0;
}

int hosts_expand(const char *word, struct hosts *hosts, struct error *err)
{
	auto_list struct list pairs = {0};

	// A URI needs no file.
	if (strchr(word, ':') || !*word) {
		add_host(hosts, word, word);
		return 0;
	}
	return read_files(&pairs, err) < 0 ? -1 : expand(&pairs, word, 0, hosts, err);
}

int hosts_read(const char *path, struct list *words, struct error *err)
{
	auto_free char *content = file_read(path, FILE_MOST, NULL, err);
	auto_list struct list lines = {0};

	if (!content)
		return -1;
	lines = list_split(content, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]);

		if (*line && *line != '#')
			list_add(words, line);
	}
	return 0;
}

struct list hosts_known(void)
{
	auto_error struct error ignored = {0};
	auto_list struct list pairs = {0};
	struct list names = {0};

	read_files(&pairs, &ignored);
	for (size_t i = 0; i + 1 < pairs.count; i += 2)
		list_add(&names, pairs.items[i]);
	aliases_names(&names);
	return names;
}

void hosts_candidates(struct call *call, struct list *found)
{
	static const char *const common[] = {"qemu:///system", "qemu:///session", "test:///default",
					     "qemu+ssh://"};
	auto_list struct list known = hosts_known();

	(void)call;
	for (size_t i = 0; i < known.count; i++)
		list_add(found, known.items[i]);
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		list_add(found, common[i]);
}
