// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/host.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

enum { CPUINFO = 16384 }; // bytes that hold the first processor and what stands before it

static void read_cpu(struct host *host)
{
	auto_free char *text = root_read(&host->root, "/proc/cpuinfo", CPUINFO);

	cpu_parse(&host->cpu, text ? text : "");
	// POWER tells its platform behind the last processor, Arm's processors may differ.
	if ((text_begins(host->cpu.architecture, "ppc") && !host->cpu.platform) ||
	    host->cpu.implementer) {
		auto_free char *all = root_read(&host->root, "/proc/cpuinfo", ROOT_MOST);

		cpu_clear(&host->cpu);
		cpu_parse(&host->cpu, all ? all : "");
	}
}

// The kernel of a tree that names none but has the modules of one; the caller's or NULL.
static char *only_release(const struct host *host)
{
	auto_list struct list names = root_names(&host->root, "/lib/modules");

	return names.count == 1 ? text_copy(names.items[0]) : NULL;
}

// From POWER8 on Linux runs with either order of bytes.
static bool is_big_endian_power(const struct host *host)
{
	auto_free char *order = NULL;

	if (!text_equal(host->cpu.architecture, "ppc64le"))
		return false;
	order = root_line(&host->root, "/sys/kernel/cpu_byteorder");
	return text_equal(order, "big");
}

static void name_kernel(struct host *host)
{
	struct utsname names;

	if (host->root.live && uname(&names) == 0) {
		host->release = text_copy(names.release);
		host->named = text_copy(names.machine);
	} else {
		host->release = root_line(&host->root, "/proc/sys/kernel/osrelease");
		if (!host->release)
			host->release = only_release(host);
		host->named = text_copy(facts_get(&host->facts, "architecture"));
		if (!host->named)
			host->named = root_line(&host->root, "/proc/sys/kernel/arch");
	}
	host->architecture = host->named ? host->named : host->cpu.architecture;
	if (!host->named && is_big_endian_power(host))
		host->architecture = "ppc64";
	if (!host->architecture)
		host->architecture = "unknown";
}

// A directory without anything of a machine is none: most likely another one was meant.
static int check_tree(const struct root *root, struct error *err)
{
	static const char *const parts[] = {"/proc", "/sys", FACTS_FILE, "/lib/modules",
					    "/boot/kernel"};
	auto_close int cpuinfo = -1;
	bool there = root->live;

	for (size_t i = 0; !there && i < sizeof(parts) / sizeof(*parts); i++)
		there = root_exists(root, parts[i]);
	if (!there && errno == EACCES)
		return error_set_errno(err, EACCES, "cannot read the machine below '%s'",
				       root->path);
	if (!there) {
		error_set(err, STATUS_NOT_FOUND, "'%s' holds no machine: neither /proc nor /sys",
			  root->path);
		if (root_exists(root, "/tree/proc"))
			error_hint(err, "kvm-check --root '%s/tree'", root->path);
		return -1;
	}
	cpuinfo = root_descriptor(root, "/proc/cpuinfo", O_RDONLY);
	if (cpuinfo < 0 && errno != ENOENT && errno != ENOTDIR)
		return error_set_errno(err, errno,
				       "cannot read /proc/cpuinfo of the machine below "
				       "'%s'",
				       root->path);
	return 0;
}

int host_open(struct host *host, const char *path, struct error *err)
{
	struct host opened = {.root.guard = host->root.guard};

	if (root_open(&opened.root, path, err) < 0)
		return -1;
	if (check_tree(&opened.root, err) < 0) {
		root_close(&opened.root);
		return -1;
	}
	facts_read(&opened.facts, &opened.root);
	opened.root.foreign = !opened.root.live && !opened.facts.recorded;
	read_cpu(&opened);
	name_kernel(&opened);
	*host = opened;
	return 0;
}

void host_close(struct host *host)
{
	root_close(&host->root);
	facts_clear(&host->facts);
	cpu_clear(&host->cpu);
	free(host->release);
	free(host->named);
	*host = (struct host){.root.fd = -1};
}

bool host_is(const struct host *host, const char *architecture)
{
	return text_equal(host->architecture, architecture);
}

bool host_is_x86(const struct host *host)
{
	return host_is(host, "x86_64") || host_is(host, "i686") || host_is(host, "i386");
}

bool host_may_lack(const struct host *host, const char *path)
{
	// What is always there where the kernel's file system is mounted.
	static const struct {
		const char *below, *mark;
	} mounts[] = {
		{"/sys/", "/sys/kernel"}, {"/proc/sys/", "/proc/sys"}, {"/proc/", "/proc/self"}};

	for (size_t i = 0; host->root.live && i < sizeof(mounts) / sizeof(*mounts); i++)
		if (text_begins(path, mounts[i].below))
			return !root_exists(&host->root, mounts[i].mark);
	return host->root.foreign;
}

bool host_is_silent(const struct host *host, const char *path)
{
	return !root_exists(&host->root, path) && host_may_lack(host, path);
}

bool host_is_fragment(const struct host *host)
{
	return host_is_silent(host, "/usr/bin/env");
}

// The number of CPUs in a list such as "0-3,8".
static long count_cpus(const char *list)
{
	long count = 0;

	while (isdigit((unsigned char)*list)) {
		char *end = NULL;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (last >= first)
			count += last - first + 1;
		list = end + (*end == ',');
	}
	return count;
}

long host_cpus(const struct host *host)
{
	// Machines of thousands of CPUs, every other one of them off, have long lists.
	auto_free char *online =
		root_read(&host->root, "/sys/devices/system/cpu/online", ROOT_MOST);

	return online ? count_cpus(online) : 0;
}

unsigned long long host_memory(const struct host *host, const char *name)
{
	const char *meminfo = root_kept(&host->root, "/proc/meminfo", ROOT_LINE);
	const char *line = meminfo ? strstr(meminfo, name) : NULL;

	return line ? strtoull(line + strlen(name), NULL, 10) * 1024 : 0;
}

bool host_kernel_since(const struct host *host, int major, int minor)
{
	int found_major, found_minor;

	if (!host->release || sscanf(host->release, "%d.%d", &found_major, &found_minor) != 2)
		return false;
	return found_major > major || (found_major == major && found_minor >= minor);
}
