// SPDX-License-Identifier: GPL-3.0-or-later
// /dev/kvm: there, and open to those who need it.
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/account.h"
#include "host/device.h"
#include "host/module.h"
#include "host/platform.h"
#include "host/qemu_user.h"
#include "host/recording.h"
#include "kvm/kvm_probe.h"

static const char path[] = "/dev/kvm";

enum { UNKNOWN_GROUP = 65534 }; // that a user namespace shows for groups it does not have

// clang-format off
// What makes the node.
#define MKNOD {"mknod", "-m", "660", path, "c", "10", "232"}
// clang-format on

static void absent(struct examination *x)
{
	const struct platform *platform = examination_platform(x);

	if (platform->container) {
		check_fail(
			x,
			FIX("start the container with --device /dev/kvm, or what its manager calls "
			    "it",
			    .one_fix = check_text(
				    x, "this container (%s) was started without /dev/kvm",
				    platform->container)),
			"not in this container (%s)", platform->container);
	} else if (platform->wsl1) {
		check_fail(x, FIX("in Windows: wsl --set-version DISTRIBUTION 2"),
			   "never in the first version of the Windows Subsystem for Linux");
	} else if (platform->wsl) {
		check_fail(x,
			   FIX("in %UserProfile%\\.wslconfig on Windows 11: [wsl2] "
			       "nestedVirtualization=true, then wsl --shutdown"),
			   "not in this Windows Subsystem for Linux");
	} else if (module_serves(module_look(x->host, "kvm_intel")) ||
		   module_serves(module_look(x->host, "kvm_amd")) ||
		   module_serves(module_look(x->host, "kvm_hv")) ||
		   module_serves(module_look(x->host, "kvm_pvm"))) {
		check_fail(x,
			   FIX("make the node; where there is udev, find out why it did not",
			       .one_fix = "the modules are loaded, but /dev/kvm is not there",
			       .commands = {MKNOD}),
			   "not there, though the modules are");
	} else {
		check_fail(x,
			   FIX("it comes with the modules: see what is said of them and of the "
			       "processor"),
			   "not there");
	}
}

static void wrong_node(struct examination *x, const struct device *device)
{
	static const char one_fix[] = "/dev/kvm is not the device it should be";

	if (device->kind == 'd')
		check_fail(x,
			   FIX("remove the directory (a container's manager makes one for a device "
			       "that its host does not have) and make the node",
			       .one_fix = one_fix, .commands = {{"rmdir", path}, MKNOD}),
			   "a directory, not the character device %d:%d", KVM_MAJOR, KVM_MINOR);
	else
		check_fail(x,
			   FIX("remove what is there and make the node", .one_fix = one_fix,
			       .commands = {{"rm", "-f", path}, MKNOD}),
			   "there, but not the character device %d:%d", KVM_MAJOR, KVM_MINOR);
}

static bool is_kvm(const struct device *device)
{
	return device->kind == 'c' && device->major == KVM_MAJOR && device->minor == KVM_MINOR;
}

static void node(struct examination *x)
{
	auto_device struct device device = {0};

	device_look(&device, x->host, path);
	if (!device.present && !device.known) {
		check_silent(x);
	} else if (!device.present) {
		absent(x);
	} else if (device.kind == '?') {
		check_note(x, "the tree has a file of that name, which tells nothing");
	} else if (!is_kvm(&device)) {
		wrong_node(x, &device);
	} else {
		auto_free char *group = account_group_name(x->host, device.gid);

		check_pass(x, "there, mode %03o, group %s", device.mode, group);
	}
}

static bool has_rule(const struct root *root, const char *directory)
{
	auto_list struct list names = root_names(root, directory);

	for (size_t i = 0; i < names.count; i++) {
		auto_free char *file = text_format("%s/%s", directory, names.items[i]);
		auto_free char *rules = root_read(root, file, ROOT_MOST);

		if (rules && strstr(rules, "KERNEL==\"kvm\""))
			return true;
	}
	return false;
}

// Who makes the node at the next boot: udev by a "rule", udev "without rule", "nobody"; NULL where
// a recording does not tell.
static const char *maker_at_boot(const struct host *host)
{
	static const char *const directories[] = {"/etc/udev/rules.d", "/usr/lib/udev/rules.d",
						  "/lib/udev/rules.d"};
	static const char key[] = "kvm node at boot";
	const char *maker = "nobody";

	if (!host->root.live)
		return facts_get(&host->facts, key);
	if (root_exists(&host->root, "/run/udev"))
		maker = "without rule";
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		if (text_equal(maker, "without rule") && has_rule(&host->root, directories[i]))
			maker = "rule";
	recording_note(host, key, "%s", maker);
	return maker;
}

// What keeps the node open to the group once it is made anew.
static const char *next_boot(const struct examination *x)
{
	const char *maker = maker_at_boot(x->host);

	if (text_equal(maker, "rule"))
		return "at the next boot udev does the same";
	if (text_equal(maker, "without rule"))
		return "at each boot too with the line KERNEL==\"kvm\", GROUP=\"kvm\", "
		       "MODE=\"0660\" in /etc/udev/rules.d/65-kvm.rules";
	if (text_equal(maker, "nobody"))
		return "until the next boot: here is no udev that does it for good, so let your "
		       "init run these commands at each boot";
	return "until the next boot, when udev does it where there is a group kvm";
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

	if (fd >= 0)
		check_pass(x, "may open it");
	else if (number == EPERM || number == EACCES)
		check_fail(x,
			   FIX(number == EPERM
				       ? "allow the device to this container or control group"
				       : "see whether /dev is mounted nodev, or a security module "
					 "denies it"),
			   "its permissions let you, yet it cannot be opened: %s",
			   strerror(number));
	else
		check_fail(x, FIX("load the KVM module of this processor"), "cannot be opened: %s",
			   strerror(number));
}

// The commands that give the node to the group kvm, as udev does.
static void give_to_group(struct fix *fix, const struct host *host)
{
	if (account_group(host, "kvm") < 0)
		fix_command(fix, "groupadd", "--system", "kvm");
	fix_command(fix, "chgrp", "kvm", path);
	fix_command(fix, "chmod", "660", path);
}

// usermod would take a name with a dash for an option.
static void join_group(struct fix *fix, const char *group, const char *user)
{
	if (*group != '-' && *user != '-')
		fix_command(fix, "usermod", "-aG", group, user);
}

// usermod takes names alone.
static bool is_nameless(const char *group)
{
	return group[strspn(group, "0123456789")] == '\0';
}

// Who may not open it, and what lets them.
static void denied(struct examination *x, const struct device *device, const char *name)
{
	auto_free char *group = account_group_name(x->host, device->gid);
	struct fix fix = {.text = "then log out and in"};

	if (device->gid == UNKNOWN_GROUP) {
		fix.text = "its group is none of this container: start it with your own groups "
			   "(Podman: --group-add keep-groups)";
		fix.one_fix = "this container has lost the group of /dev/kvm";
	} else if (is_given_to_group(device) && is_nameless(group)) {
		fix.text = check_text(x, "then log out and in; %s", next_boot(x));
		fix.one_fix = check_text(x, "the group of /dev/kvm (%s) has no name here", group);
		give_to_group(&fix, x->host);
		join_group(&fix, "kvm", name);
	} else if (is_given_to_group(device)) {
		fix.one_fix = check_text(x,
					 "you (%s) are not in the group %s, which may open "
					 "/dev/kvm",
					 name, group);
		join_group(&fix, group, name);
	} else {
		fix.text = check_text(x, "then log out and in; %s", next_boot(x));
		fix.one_fix =
			check_text(x, "only root may open /dev/kvm (mode %03o)", device->mode);
		give_to_group(&fix, x->host);
		join_group(&fix, "kvm", name);
	}
	check_fail(x, &fix, "you (%s) may not open it: mode %03o, group %s", name, device->mode,
		   group);
}

static void caller(struct examination *x)
{
	auto_device struct device device = {0};
	auto_account struct account account = {0};
	auto_free char *name = NULL;

	device_look(&device, x->host, path);
	account_caller(&account, x->host);
	name = account_user_name(x->host, account.uid);
	// Another device may do anything when it is opened.
	if (!device.known || !account.known || !is_kvm(&device))
		return;
	if (!device_allows(&device, &account))
		denied(x, &device, name);
	else if (x->host->root.live)
		open_really(x);
	else
		check_pass(x, "may open it");
}

static void qemu(struct examination *x)
{
	auto_device struct device device = {0};
	auto_qemu_user struct qemu_user user = {0};
	struct fix fix = {0};

	device_look(&device, x->host, path);
	qemu_user_find(&user, x->host);
	if (!device.known || !is_kvm(&device) || !user.name)
		return;
	if (!user.account.known) {
		check_warn(x, FIX("make that user, or change `user` in /etc/libvirt/qemu.conf"),
			   "libvirt is set to run QEMU as %s, but there is no such user",
			   user.name);
		return;
	}
	if (device_allows(&device, &user.account)) {
		check_pass(x, "%s may open it", user.name);
		return;
	}
	fix.text = check_text(x, "then restart libvirt's daemon; %s", next_boot(x));
	give_to_group(&fix, x->host);
	if (!account_in(&user.account, (gid_t)account_group(x->host, "kvm")))
		join_group(&fix, "kvm", user.name);
	check_warn(x, &fix,
		   "%s cannot open /dev/kvm: libvirt's guests get no KVM, and each of its "
		   "calls takes seconds",
		   user.name);
}

enum { SETS = PURPOSE_QEMU | PURPOSE_CH };

const struct check device_checks[] = {
	CHECK_IN(LAYER_NODE, "kvm_device", "/dev/kvm", PURPOSE_GUESTS | SETS, 0, node),
	CHECK_IN(LAYER_ACCESS, "kvm_device_caller", "you", PURPOSE_GUESTS | SETS, 0, caller),
	CHECK_IN(LAYER_CLIENT, "kvm_device_qemu", "QEMU's user", PURPOSE_GUESTS | PURPOSE_QEMU, 0,
		 qemu),
	CHECKS_END,
};
