// SPDX-License-Identifier: GPL-3.0-or-later
// Control groups: limits and shares for guests.
#include <stdlib.h>

#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/cgroup.h"

static void version(struct examination *x)
{
	auto_cgroup struct cgroup cgroup = {0};

	cgroup_look(&cgroup, x->host);
	if (!cgroup.known)
		check_silent(x);
	else if (cgroup.version1 && cgroup.version2)
		check_pass(x, "both versions are mounted");
	else if (cgroup.version2)
		check_pass(x, "version 2");
	else if (cgroup.version1)
		check_pass(x, "version 1");
	else
		check_warn(x,
			   FIX("have the init system mount them at /sys/fs/cgroup (systemd does; "
			       "OpenRC: the service cgroups); in a container, its manager"),
			   "none are mounted: guests have no limits");
}

static void controller(struct examination *x, const char *name, const char *option)
{
	auto_cgroup struct cgroup cgroup = {0};

	check_about(x, "%s", name);
	cgroup_look(&cgroup, x->host);
	if (cgroup.known && cgroup_has(&cgroup, name))
		check_pass(x, "can be controlled");
	else if (!cgroup.known || cgroup.untold)
		check_silent(x);
	else
		check_warn(x,
			   FIX(check_text(x,
					  "boot without cgroup_disable=%s, or a kernel built with "
					  "CONFIG_%s",
					  name, option)),
			   "no controller '%s'", name);
}

static void cpu(struct examination *x)
{
	controller(x, "cpu", "CGROUP_SCHED");
}

static void cpuacct(struct examination *x)
{
	controller(x, "cpuacct", "CGROUP_CPUACCT");
}

static void cpuset(struct examination *x)
{
	controller(x, "cpuset", "CPUSETS");
}

static void memory(struct examination *x)
{
	controller(x, "memory", "MEMCG");
}

static void devices(struct examination *x)
{
	controller(x, "devices", "CGROUP_DEVICE or CGROUP_BPF");
}

static void blkio(struct examination *x)
{
	controller(x, "blkio", "BLK_CGROUP");
}

static void freezer(struct examination *x)
{
	controller(x, "freezer", "CGROUP_FREEZER");
}

enum { SETS = PURPOSE_QEMU | PURPOSE_LXC };

const struct check cgroup_checks[] = {
	CHECK("cgroups", "version", PURPOSE_GUESTS, 0, version),
	CHECK("cgroup_cpu", "controller", SETS, 0, cpu),
	CHECK("cgroup_cpuacct", "controller", SETS, 0, cpuacct),
	CHECK("cgroup_cpuset", "controller", SETS, 0, cpuset),
	CHECK("cgroup_memory", "controller", SETS, 0, memory),
	CHECK("cgroup_devices", "controller", SETS, 0, devices),
	CHECK("cgroup_blkio", "controller", SETS, 0, blkio),
	CHECK("cgroup_freezer", "controller", PURPOSE_LXC, 0, freezer),
	CHECKS_END,
};
