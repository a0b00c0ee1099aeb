// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/host.h"

#include <stdlib.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/text.h"

enum { CPUINFO = 16384 }; // bytes that hold the first processor and what stands before it

static void read_cpu(struct host *host)
{
	auto_free char *text = root_read(&host->root, "/proc/cpuinfo", CPUINFO);

	cpu_parse(&host->cpu, text ? text : "");
	// POWER tells its platform behind the last processor.
	if (text_equal(host->cpu.architecture, "ppc64le") && !host->cpu.platform) {
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
	if (!host->architecture)
		host->architecture = "unknown";
}

int host_open(struct host *host, const char *path, struct error *err)
{
	struct host opened = {0};

	if (root_open(&opened.root, path, err) < 0)
		return -1;
	facts_read(&opened.facts, &opened.root);
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

bool host_is_silent(const struct host *host, const char *path)
{
	return !host->root.live && !host->facts.recorded && !root_exists(&host->root, path);
}
