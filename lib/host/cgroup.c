// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/cgroup.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "host/host.h"

// The parts of a line of /proc/mounts.
enum { POINT = 1, TYPE = 2, OPTIONS = 3, PARTS = 4 };

// Adds words parted by SEPARATORS.
static void add_words(struct text *all, const char *words, const char *separators)
{
	auto_list struct list list = list_split(words, separators);

	for (size_t i = 0; i < list.count; i++)
		text_append_format(all, "%s ", list.items[i]);
}

static void add_mount(struct cgroup *cgroup, const struct host *host, const struct list *parts,
		      struct text *all)
{
	auto_free char *file = NULL, *controllers = NULL;

	if (text_equal(parts->items[TYPE], "cgroup")) {
		cgroup->version1 = true;
		add_words(all, parts->items[OPTIONS], ",");
	}
	if (!text_equal(parts->items[TYPE], "cgroup2"))
		return;
	cgroup->version2 = true;
	file = text_format("%s/cgroup.controllers", parts->items[POINT]);
	controllers = root_line(&host->root, file);
	if (!controllers && !host->root.live && !host->facts.recorded)
		cgroup->untold = true;
	add_words(all, controllers ? controllers : "", " ");
}

void cgroup_look(struct cgroup *cgroup, struct host *host)
{
	auto_list struct list lines = {0};
	struct text all = {0};
	const char *mounts;

	*cgroup = (struct cgroup){0};
	mounts = root_kept(&host->root, "/proc/self/mounts", ROOT_MOST);
	if (!mounts)
		mounts = root_kept(&host->root, "/proc/mounts", ROOT_MOST);
	cgroup->known = mounts;
	text_append_char(&all, ' ');
	lines = list_split(mounts ? mounts : "", "\n");
	for (size_t i = 0; i < lines.count; i++) {
		auto_list struct list parts = list_split(lines.items[i], " ");

		if (parts.count >= PARTS)
			add_mount(cgroup, host, &parts, &all);
	}
	cgroup->controllers = text_take(&all);
}

bool cgroup_has(const struct cgroup *cgroup, const char *controller)
{
	static const struct {
		const char *name, *second;
	} renamed[] = {{"blkio", "io"}, {"cpuacct", "cpu"}, {"freezer", ""}, {"devices", ""}};
	auto_free char *wanted = text_format(" %s ", controller);

	if (strstr(cgroup->controllers, wanted))
		return true;
	for (size_t i = 0; cgroup->version2 && i < sizeof(renamed) / sizeof(*renamed); i++) {
		auto_free char *word = text_format(" %s ", renamed[i].second);

		if (text_equal(controller, renamed[i].name))
			return !*renamed[i].second || strstr(cgroup->controllers, word);
	}
	return false;
}

void cgroup_clear(struct cgroup *cgroup)
{
	free(cgroup->controllers);
	*cgroup = (struct cgroup){0};
}
