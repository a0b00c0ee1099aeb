// SPDX-License-Identifier: GPL-3.0-or-later
// What libvirt's other drivers want: LXC, Cloud Hypervisor, bhyve.
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/qemu.h"

static void kernel(struct examination *x)
{
	const char *release = x->host->release ? x->host->release : "";
	int major = 0, minor = 0, patch = 0;

	// 2.6.26 was the first that could do it.
	if (sscanf(release, "%d.%d.%d", &major, &minor, &patch) < 2)
		check_note(x, "nothing tells its release");
	else if (major > 2 || (major == 2 && minor == 6 && patch >= 26))
		check_pass(x, "Linux %s", release);
	else
		check_fail(x, FIX("boot a newer kernel"), "Linux %s is too old, 2.6.26 is needed",
			   release);
}

static void namespaces(struct examination *x)
{
	static const struct {
		const char *name, *option;
	} kinds[] = {
		{"ipc", "IPC_NS"}, {"mnt", "NAMESPACES"}, {"pid", "PID_NS"},
		{"uts", "UTS_NS"}, {"net", "NET_NS"},     {"user", "USER_NS"},
	};

	if (host_is_silent(x->host, "/proc/self/ns")) {
		check_silent(x);
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		auto_free char *path = text_format("/proc/self/ns/%s", kinds[i].name);

		// The kernel's own links lead nowhere in a recorded tree.
		auto_free char *link = root_link(&x->host->root, path);

		check_about(x, "%s", kinds[i].name);
		if (link || root_exists(&x->host->root, path))
			check_pass(x, "there");
		else if (x->host->root.foreign)
			check_silent(x);
		else
			check_fail(x,
				   FIX(check_text(x, "boot a kernel built with CONFIG_%s",
						  kinds[i].option)),
				   "this kernel does not have it");
	}
}

static void fuse(struct examination *x)
{
	if (root_exists(&x->host->root, "/sys/fs/fuse/connections"))
		check_pass(x, "containers see a /proc/meminfo of their own");
	else if (host_may_lack(x->host, "/sys/fs"))
		check_silent(x);
	else
		check_warn(x, FIX("load the module fuse", .commands = {LOAD("fuse")}),
			   "not there: containers see the host's /proc/meminfo");
}

const struct check lxc_checks[] = {
	CHECK("linux_release", "kernel", PURPOSE_LXC, PURPOSE_ASKED, kernel),
	CHECK("namespace", "namespace", PURPOSE_LXC, PURPOSE_ASKED, namespaces),
	CHECK("fuse", "FUSE", PURPOSE_LXC, PURPOSE_ASKED, fuse),
	CHECKS_END,
};

static void cloud_hypervisor(struct examination *x)
{
	auto_free char *path = qemu_find_tool(x->host, "cloud-hypervisor");

	if (path)
		check_pass(x, "%s", path);
	else if (host_is_fragment(x->host))
		check_silent(x);
	else
		check_warn(x, FIX("install it: few distributions have a package of it"),
			   "cloud-hypervisor is not installed");
}

const struct check ch_checks[] = {
	CHECK("cloud_hypervisor", "program", PURPOSE_CH, PURPOSE_ASKED, cloud_hypervisor),
	CHECKS_END,
};

// A kernel of FreeBSD keeps its modules as files below /boot/kernel.
static void bsd_module(struct examination *x, const char *name, const char *purpose)
{
	auto_free char *path = text_format("/boot/kernel/%s.ko", name);

	check_about(x, "%s", name);
	if (root_exists(&x->host->root, path))
		check_pass(x, "there; load it with kldload %s", name);
	else
		check_fail(x, FIX("run FreeBSD with this module"), "%s.ko is not there: %s", name,
			   purpose);
}

static void bhyve(struct examination *x)
{
	if (root_exists(&x->host->root, "/boot/kernel/kernel"))
		check_pass(x, "FreeBSD");
	else
		check_fail(x, FIX("use QEMU here: kvm-check qemu"),
			   "bhyve runs on FreeBSD, and this is Linux");
}

static void bhyve_modules(struct examination *x)
{
	static const struct {
		const char *name, *purpose;
	} modules[] = {
		{"vmm", "no guests at all"},
		{"if_tap", "no networks for guests"},
		{"if_bridge", "no bridges for guests"},
		{"nmdm", "no consoles of guests"},
	};

	if (!root_exists(&x->host->root, "/boot/kernel/kernel"))
		return;
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		bsd_module(x, modules[i].name, modules[i].purpose);
}

const struct check bhyve_checks[] = {
	CHECK("freebsd", "system", PURPOSE_BHYVE, PURPOSE_ASKED, bhyve),
	CHECK("freebsd_module", "module", PURPOSE_BHYVE, PURPOSE_ASKED, bhyve_modules),
	CHECKS_END,
};
