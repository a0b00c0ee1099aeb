// SPDX-License-Identifier: GPL-3.0-or-later
// /dev/kvm: there, and open to those who need it.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/account.h"
#include "host/device.h"
#include "host/module.h"
#include "host/platform.h"
#include "host/qemu_user.h"

static const char path[] = "/dev/kvm";

enum {
	KVM_MAJOR = 10,
	KVM_MINOR = 232,
	UNKNOWN_GROUP = 65534, // that a user namespace shows for groups it does not have
};

static void make_node(struct examination *x)
{
	auto_free char *line = text_format("mknod -m 660 %s c %d %d", path, KVM_MAJOR, KVM_MINOR);

	check_command_line(x, line);
}

static void absent(struct examination *x)
{
	auto_platform struct platform platform = {0};

	platform_look(&platform, x->host);
	if (platform.container) {
		check_fail(x, "not in this container (%s)", platform.container);
		check_fix(x, "start the container with the device: --device /dev/kvm, or what its "
			     "manager calls it");
	} else if (platform.wsl) {
		check_fail(x, "not in this Windows Subsystem for Linux");
		check_fix(x, "in %%UserProfile%%\\.wslconfig on Windows 11: [wsl2] "
			     "nestedVirtualization=true, then wsl --shutdown");
	} else if (module_serves(module_look(x->host, "kvm_intel")) ||
		   module_serves(module_look(x->host, "kvm_amd")) ||
		   module_serves(module_look(x->host, "kvm_hv"))) {
		check_fail(x, "not there, though the modules are");
		check_fix(x, "make the node; where there is udev, find out why it did not");
		make_node(x);
	} else {
		check_fail(x, "not there");
		check_fix(x, "it comes with the modules: see what is said of them and of the "
			     "processor");
	}
}

static void node(struct examination *x)
{
	auto_device struct device device = {0};

	device_look(&device, x->host, path);
	if (!device.present && !device.known) {
		check_note(x, "nothing recorded tells");
	} else if (!device.present) {
		absent(x);
	} else if (device.kind == '?') {
		check_pass(x, "there");
	} else if (device.kind != 'c' || device.major != KVM_MAJOR || device.minor != KVM_MINOR) {
		check_fail(x, "there, but not the character device %d:%d", KVM_MAJOR, KVM_MINOR);
		check_fix(x, "remove what stands there and make the node");
		check_command(x, "rm", "-f", path);
		make_node(x);
	} else {
		auto_free char *group = account_group_name(x->host, device.gid);

		check_pass(x, "there, mode %03o, group %s", device.mode, group);
	}
}

// The commands that give the node to the group kvm, as udev does.
static void give_to_group(struct examination *x)
{
	if (account_group(x->host, "kvm") < 0)
		check_command(x, "groupadd", "--system", "kvm");
	check_command(x, "chgrp", "kvm", path);
	check_command(x, "chmod", "660", path);
}

static bool is_given_to_group(const struct device *device)
{
	return device->gid != 0 && (device->mode & 060) == 060;
}

// What opening says beyond permissions: a device cgroup, a security module, nothing behind the
// node.
static void open_really(struct examination *x)
{
	auto_close int fd = root_descriptor(&x->host->root, path, O_RDWR);
	int number = errno;

	if (fd >= 0) {
		check_pass(x, "may open it");
	} else if (number == EPERM || number == EACCES) {
		check_fail(x, "its permissions let you, yet it cannot be opened: %s",
			   strerror(number));
		check_fix(x, number == EPERM
				     ? "allow the device to this container or control group"
				     : "see whether /dev is mounted nodev, or a security module "
				       "denies it");
	} else {
		check_fail(x, "cannot be opened: %s", strerror(number));
		check_fix(x, "load the KVM module of this processor");
	}
}

static void caller(struct examination *x)
{
	auto_device struct device device = {0};
	auto_account struct account account = {0};
	auto_free char *name = NULL;

	device_look(&device, x->host, path);
	account_caller(&account, x->host);
	name = account_user_name(x->host, account.uid);
	if (!device.present || !device.known || !account.known)
		return;
	if (device_allows(&device, &account)) {
		if (x->host->root.live)
			open_really(x);
		else
			check_pass(x, "may open it");
		return;
	}
	check_fail(x, "may not open it (mode %03o)", device.mode);
	if (device.gid == UNKNOWN_GROUP) {
		check_fix(x, "its group is none of this container: start it with your own groups "
			     "(Podman: --group-add keep-groups)");
	} else if (is_given_to_group(&device)) {
		auto_free char *group = account_group_name(x->host, device.gid);

		check_fix(x, "join the group %s, then log in anew", group);
		check_command(x, "usermod", "-aG", group, name);
	} else {
		check_fix(x, "give the device to the group kvm and join that, then log in anew");
		give_to_group(x);
		check_command(x, "usermod", "-aG", "kvm", name);
	}
}

static void qemu(struct examination *x)
{
	auto_device struct device device = {0};
	auto_qemu_user struct qemu_user user = {0};

	device_look(&device, x->host, path);
	qemu_user_find(&user, x->host);
	if (!device.present || !device.known || !user.name)
		return;
	if (!user.account.known) {
		check_warn(x, "libvirt is to run QEMU as %s, who is no user here", user.name);
		check_fix(x, "make that user, or change `user` in /etc/libvirt/qemu.conf");
		return;
	}
	if (device_allows(&device, &user.account)) {
		check_pass(x, "%s, whom libvirt runs QEMU as, may open it", user.name);
		return;
	}
	check_warn(x,
		   "%s, whom libvirt runs QEMU as, may not open it: libvirt asks QEMU anew what it "
		   "can at each call, and its guests get no KVM",
		   user.name);
	check_fix(x, "give the device to the group kvm, and %s that group", user.name);
	give_to_group(x);
	if (!account_in(&user.account, (gid_t)account_group(x->host, "kvm")))
		check_command(x, "usermod", "-aG", "kvm", user.name);
}

enum { SETS = PURPOSE_QEMU | PURPOSE_CH };

const struct check device_checks[] = {
	{"kvm_device", "/dev/kvm", PURPOSE_GUESTS | SETS, 0, node},
	{"kvm_device_caller", "you", PURPOSE_GUESTS | SETS, 0, caller},
	{"kvm_device_qemu", "libvirt", PURPOSE_GUESTS | PURPOSE_QEMU, 0, qemu},
	{0},
};
