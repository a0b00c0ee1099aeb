// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/checks/can_devices.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/can.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/package.h"
#include "host/device.h"

// What stands at TAIL of the device that is the NUMBER-th of its KIND.
static const char *get(const struct examination *x, const char *kind, size_t number,
		       const char *tail)
{
	auto_free char *path = text_format("/domain/devices/%s[%zu]%s", kind, number, tail);

	return flat_get(&x->guest->xml, path);
}

static size_t count(const struct examination *x, const char *kind)
{
	auto_free char *path = text_format("/domain/devices/%s", kind);

	return flat_count(&x->guest->xml, path);
}

// Whether a file that the guest names is here; a recording does not hold them.
static void file(struct examination *x, const char *path, const char *fix)
{
	if (!x->host->root.live)
		check_note(x, "%s: not in this recording", path);
	else if (root_exists(&x->host->root, path))
		check_pass(x, "%s", path);
	else
		check_fail(x, FIX(fix), "%s is not here", path);
}

void can_firmware(struct examination *x)
{
	static const struct {
		const char *path, *subject, *fix;
	} files[] = {
		{"/domain/os/loader", "firmware", "install the firmware, or name one that is here"},
		{"/domain/os/kernel", "kernel", "copy it here, or change <kernel>"},
		{"/domain/os/initrd", "initrd", "copy it here, or change <initrd>"},
	};
	auto_list struct list kinds = root_names(&x->host->root, "/usr/share/qemu/firmware");

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		const char *path = flat_get(&x->guest->xml, files[i].path);

		if (!path || !*path)
			continue;
		check_about(x, "%s", files[i].subject);
		file(x, path, files[i].fix);
	}
	if (!text_equal(flat_get(&x->guest->xml, "/domain/os@firmware"), "efi"))
		return;
	check_about(x, "firmware");
	if (kinds.count)
		check_pass(x, "UEFI: %zu kinds are here", kinds.count);
	else if (host_is_fragment(x->host))
		check_note(x, "UEFI: not in this recording");
	else
		check_fail(x, INSTALL(x, PACKAGE_FIRMWARE), "UEFI is not here");
}

void can_disks(struct examination *x)
{
	for (size_t i = 1; i <= count(x, "disk"); i++) {
		const char *path = get(x, "disk", i, "/source@file");
		const char *target = get(x, "disk", i, "/target@dev");
		const char *policy = get(x, "disk", i, "/source@startupPolicy");

		if (!path)
			path = get(x, "disk", i, "/source@dev");
		if (!path || text_equal(policy, "optional"))
			continue;
		check_about(x, "disk %s", target ? target : "of no name");
		file(x, path, "copy the image here, or change <source>");
	}
}

static void network(struct examination *x, const char *name)
{
	auto_free char *definition = text_format("/etc/libvirt/qemu/networks/%s.xml", name);
	auto_free char *state = text_format("/run/libvirt/network/%s.xml", name);

	if (root_exists(&x->host->root, state)) {
		check_pass(x, "%s is active", name);
	} else if (root_exists(&x->host->root, definition)) {
		check_fail(x,
			   FIX("start it",
			       .commands = {{"vmctl", "-c", "qemu:///system", "net-start", name}}),
			   "%s is not active", name);
	} else if (!x->host->root.live) {
		check_note(x, "%s: not in this recording", name);
	} else {
		check_fail(x, FIX("make it (vmctl net-define), or change <source network>"),
			   "there is no network %s", name);
	}
}

static void bridge(struct examination *x, const char *name)
{
	auto_free char *path = text_format("/sys/class/net/%s", name);

	if (root_exists(&x->host->root, path))
		check_pass(x, "the bridge %s is here", name);
	else if (!x->host->root.live)
		check_note(x, "the bridge %s: not in this recording", name);
	else
		check_fail(x, FIX("make it, or change <source bridge>"), "there is no bridge %s",
			   name);
}

void can_interfaces(struct examination *x)
{
	for (size_t i = 1; i <= count(x, "interface"); i++) {
		const char *named = get(x, "interface", i, "/source@network");
		const char *bridged = get(x, "interface", i, "/source@bridge");

		check_about(x, "network %zu", i);
		if (named)
			network(x, named);
		else if (bridged)
			bridge(x, bridged);
	}
}

static unsigned long part(const struct examination *x, size_t number, const char *name)
{
	auto_free char *tail = text_format("/source/address@%s", name);
	const char *text = get(x, "hostdev", number, tail);

	return text ? strtoul(text, NULL, 0) : 0;
}

void can_host_devices(struct examination *x)
{
	const struct fix *fix =
		FIX("take another device; kvm-check iommu tells which can be given away");

	for (size_t i = 1; i <= count(x, "hostdev"); i++) {
		auto_free char *address = NULL, *path = NULL, *group = NULL;

		if (!text_equal(get(x, "hostdev", i, "@type"), "pci"))
			continue;
		address =
			text_format("%04lx:%02lx:%02lx.%lx", part(x, i, "domain"),
				    part(x, i, "bus"), part(x, i, "slot"), part(x, i, "function"));
		path = text_format("/sys/bus/pci/devices/%s", address);
		group = text_format("%s/iommu_group", path);
		check_about(x, "host device %zu", i);
		if (!x->host->root.live)
			check_note(x, "%s: not in this recording", address);
		else if (!root_exists(&x->host->root, path))
			check_fail(x, fix, "this host has no %s", address);
		else if (!root_exists(&x->host->root, group))
			check_fail(x, fix, "%s is in no group of an IOMMU", address);
		else
			check_pass(x, "%s", address);
	}
}

static void program(struct examination *x, const char *name, enum package package)
{
	auto_free char *path = qemu_find_tool(x->host, name);
	const char *line = package < PACKAGES ? package_install(x, package) : NULL;

	check_about(x, "%s", name);
	if (path)
		check_pass(x, "%s", path);
	else if (host_is_fragment(x->host))
		check_silent(x);
	else
		check_fail(x, FIX("install it", .line = line), "not here");
}

void can_helpers(struct examination *x)
{
	bool shares = false;

	for (size_t i = 1; i <= count(x, "filesystem"); i++)
		shares = shares || text_equal(get(x, "filesystem", i, "/driver@type"), "virtiofs");
	if (shares)
		program(x, "virtiofsd", PACKAGES);
	if (text_equal(get(x, "tpm", 1, "/backend@type"), "emulator"))
		program(x, "swtpm", PACKAGE_SWTPM);
	if (count(x, "vsock")) {
		auto_device struct device device = {0};

		check_about(x, "vsock");
		device_look(&device, x->host, "/dev/vhost-vsock");
		if (device.present)
			check_pass(x, "/dev/vhost-vsock");
		else if (device.known)
			check_fail(x,
				   FIX("load it now and at each boot",
				       .commands = {LOAD("vhost_vsock")}),
				   "no /dev/vhost-vsock");
		else
			check_silent(x);
	}
}
