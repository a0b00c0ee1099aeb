// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps guests from the host and from each other, should QEMU be broken into.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"

static void selinux(struct examination *x)
{
	long long enforces = root_number(&x->host->root, "/sys/fs/selinux/enforce", -1);

	if (enforces == 1)
		check_pass(x, "SELinux, enforcing");
	else if (enforces < 0)
		check_note(x, "SELinux; nothing tells whether it is enforcing");
	else
		check_warn(x, FIX("setenforce 1 once the log is clean"),
			   "SELinux only logs: guests are kept apart by their user alone");
}

static void apparmor(struct examination *x)
{
	bool profiles = root_exists(&x->host->root, "/etc/apparmor.d/usr.sbin.libvirtd") ||
			root_exists(&x->host->root, "/etc/apparmor.d/usr.sbin.virtqemud");

	check_pass(x, profiles ? "AppArmor, with libvirt's profiles"
			       : "AppArmor; libvirt's profiles are not installed");
}

static void driver(struct examination *x)
{
	const struct root *root = &x->host->root;

	if (root_exists(root, "/sys/fs/selinux/enforce"))
		selinux(x);
	else if (root_flag(root, "/sys/module/apparmor/parameters/enabled"))
		apparmor(x);
	else if (root->foreign || !root_exists(root, "/sys/module"))
		check_silent(x);
	else
		check_note(x, "neither SELinux nor AppArmor: guests are kept apart by their user "
			      "alone");
}

static void lockdown(struct examination *x)
{
	auto_free char *line = root_line(&x->host->root, "/sys/kernel/security/lockdown");

	if (line && !strstr(line, "[none]"))
		check_note(x,
			   "%s: registers of the processor cannot be read, unsigned modules not "
			   "loaded",
			   strstr(line, "[integrity]") ? "integrity" : "confidentiality");
}

static void seccomp(struct examination *x)
{
	// Filters are there since 3.5, this file since 4.14.
	bool there = root_exists(&x->host->root, "/proc/sys/kernel/seccomp/actions_avail");

	if (there)
		check_pass(x, "there: libvirt confines QEMU's system calls");
	else if (host_may_lack(x->host, "/proc/sys/kernel"))
		check_silent(x);
	else if (!host_kernel_since(x->host, 4, 14))
		check_note(x,
			   "this kernel does not tell whether it can confine QEMU's system calls");
	else
		check_warn(x, FIX("boot a kernel built with CONFIG_SECCOMP_FILTER"),
			   "the kernel cannot confine QEMU's system calls");
}

const struct check security_checks[] = {
	CHECK("security_driver", "driver", PURPOSE_GUESTS, 0, driver),
	CHECK("lockdown", "lockdown", 0, 0, lockdown),
	CHECK("seccomp", "seccomp", 0, 0, seccomp),
	CHECKS_END,
};
