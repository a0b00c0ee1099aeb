// SPDX-License-Identifier: GPL-3.0-or-later
// Memory for guests.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/recording.h"

static char *size_string(unsigned long long bytes)
{
	const char *unit;
	double scaled = size_scale(bytes, &unit);

	return text_format(scaled < 10 ? "%.1f %s" : "%.0f %s", scaled, unit);
}

static void available(struct examination *x)
{
	enum { LEAST = 512 * 1024 * 1024 };
	unsigned long long total = host_memory(x->host, "MemTotal:");
	unsigned long long left = host_memory(x->host, "MemAvailable:");
	auto_free char *all = size_string(total), *shown = size_string(left);

	if (!total)
		return;
	if (!left)
		check_note(x, "%s in all; nothing tells how much of it is free", all);
	else if (left < LEAST)
		check_warn(x, FIX("end something, or give guests less memory"),
			   "%s of %s are free: too little for most guests", shown, all);
	else
		check_pass(x, "%s of %s are free", shown, all);
}

static void huge_pages(struct examination *x)
{
	static const char directory[] = "/sys/kernel/mm/hugepages";
	auto_list struct list names = root_names(&x->host->root, directory);

	for (size_t i = 0; i < names.count; i++) {
		auto_free char *all = text_format("%s/%s/nr_hugepages", directory, names.items[i]);
		auto_free char *unused =
			text_format("%s/%s/free_hugepages", directory, names.items[i]);
		long long count = root_number(&x->host->root, all, 0);
		unsigned long long size = 0;
		auto_free char *shown = NULL;

		if (sscanf(names.items[i], "hugepages-%llukB", &size) != 1)
			continue;
		shown = size_string(size * 1024);
		check_about(x, "pages of %s", shown);
		if (count)
			check_note(x, "%lld reserved, %lld of them free", count,
				   root_number(&x->host->root, unused, 0));
		else
			check_note(x, "none reserved");
	}
}

static void transparent(struct examination *x)
{
	auto_free char *line =
		root_line(&x->host->root, "/sys/kernel/mm/transparent_hugepage/enabled");

	if (!line)
		return;
	if (strstr(line, "[never]"))
		check_warn(x,
			   FIX("write madvise to /sys/kernel/mm/transparent_hugepage/enabled, or "
			       "boot with transparent_hugepage=madvise"),
			   "never: guests run slower, most of all nested ones");
	else
		check_pass(x, strstr(line, "[always]") ? "always"
						       : "where a program asks (QEMU does)");
}

static void same_pages(struct examination *x)
{
	long long run = root_number(&x->host->root, "/sys/kernel/mm/ksm/run", -1);

	if (run >= 0)
		check_note(x, run == 1 ? "on: equal pages of guests are kept once"
				       : "off: equal pages of guests are each kept");
}

static void nodes(struct examination *x)
{
	auto_list struct list names = root_names(&x->host->root, "/sys/devices/system/node");
	size_t count = 0;
	unsigned ignored;

	for (size_t i = 0; i < names.count; i++)
		count += sscanf(names.items[i], "node%u", &ignored) == 1;
	if (count > 1)
		check_note(x, "%zu nodes: large guests are faster when bound to one", count);
	else if (count)
		check_note(x, "one node");
}

static void overcommit(struct examination *x)
{
	long long mode = root_number(&x->host->root, "/proc/sys/vm/overcommit_memory", -1);

	if (mode < 0)
		return;
	if (mode == 2)
		check_warn(x,
			   FIX("raise vm.overcommit_ratio, or set vm.overcommit_memory to 0: then "
			       "a database or another program that relies on strict accounting may "
			       "be killed when memory runs out"),
			   "strict: guests may not start though memory is free");
	else
		check_pass(x, mode == 1 ? "always granted" : "heuristic (the kernel's default)");
}

static void lock_limit(struct examination *x)
{
	double recorded = facts_number(&x->host->facts, "lock limit", -1);
	struct rlimit limit = {.rlim_cur = recorded < 0 ? RLIM_INFINITY : (rlim_t)recorded};
	auto_free char *shown = NULL;

	if (x->host->root.live ? getrlimit(RLIMIT_MEMLOCK, &limit) < 0
			       : !facts_get(&x->host->facts, "lock limit"))
		return;
	if (limit.rlim_cur == RLIM_INFINITY)
		recording_note(x->host, "lock limit", "-1");
	else
		recording_note(x->host, "lock limit", "%llu", (unsigned long long)limit.rlim_cur);
	shown = limit.rlim_cur == RLIM_INFINITY ? text_copy("no limit")
						: size_string(limit.rlim_cur);
	check_note(x, "%s for what you start yourself; libvirt's system daemon sets its own",
		   shown);
}

const struct check memory_checks[] = {
	CHECK("memory", "memory", PURPOSE_GUESTS, 0, available),
	CHECK("overcommit", "overcommit", PURPOSE_GUESTS, 0, overcommit),
	CHECK("transparent_huge_pages", "transparent huge pages", PURPOSE_GUESTS, 0, transparent),
	CHECK("huge_pages", "huge pages", 0, 0, huge_pages),
	CHECK("same_pages", "KSM", 0, 0, same_pages),
	CHECK("numa", "NUMA", 0, 0, nodes),
	CHECK("lock_limit", "locked memory", 0, 0, lock_limit),
	CHECKS_END,
};
