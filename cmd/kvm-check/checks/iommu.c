// SPDX-License-Identifier: GPL-3.0-or-later
// Host devices for guests: the IOMMU, its groups, VFIO.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/module.h"
#include "host/platform.h"

static const char groups_path[] = "/sys/kernel/iommu_groups";

// The table by which firmware tells of an IOMMU; NULL where there is none.
static const char *table(const struct host *host)
{
	static const char *const names[] = {"DMAR", "IVRS", "IORT", "RIMT", "VIOT"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		auto_free char *path = text_format("/sys/firmware/acpi/tables/%s", names[i]);

		if (root_exists(&host->root, path))
			return names[i];
	}
	return NULL;
}

static bool has_groups(const struct host *host)
{
	auto_list struct list groups = root_names(&host->root, groups_path);

	return groups.count > 0;
}

static void hardware(struct examination *x)
{
	const struct host *host = x->host;
	const char *name = table(host);

	if (host_is(host, "s390x"))
		check_pass(x, "zPCI always has one");
	else if (text_equal(host->cpu.platform, "PowerNV"))
		check_pass(x, "PowerNV always has one");
	else if (name)
		check_pass(x, "the firmware tells of one (%s)", name);
	else if (has_groups(host))
		check_pass(x, "the kernel has one");
	else if (host_may_lack(host, "/sys/firmware/acpi"))
		check_silent(x);
	else
		check_warn(
			x,
			FIX(examination_platform(x)->hypervisor
				    ? "let the hypervisor below give this machine one (QEMU: "
				      "intel-iommu)"
				    : "switch on VT-d or AMD-Vi (IOMMU) in the firmware's setup"),
			"the firmware tells of none: host devices cannot be given to guests");
}

static void enabled(struct examination *x)
{
	const struct host *host = x->host;
	auto_list struct list groups = root_names(&host->root, groups_path);
	const char *name = table(host);
	const struct fix *fix =
		FIX(text_equal(name, "IVRS") ? "boot without iommu=off and amd_iommu=off"
					     : "boot without iommu=off");

	if (groups.count)
		check_pass(x, "%zu groups of devices", groups.count);
	else if (text_equal(name, "DMAR"))
		check_warn(x, FIX("boot with intel_iommu=on"), "the kernel does not use it");
	else if (name)
		check_warn(x, fix,
			   "the kernel does not use it, or this machine has no devices behind it");
	else if (host_is_silent(host, groups_path))
		check_silent(x);
	else
		check_note(x, "no groups of devices");
}

static void vfio(struct examination *x)
{
	enum module_state state = module_look(x->host, "vfio_pci");

	if (root_exists(&x->host->root, "/sys/bus/pci/drivers/vfio-pci"))
		check_pass(x, "vfio-pci serves");
	else if (module_serves(state))
		check_pass(x, "vfio_pci is %s", module_word(state));
	else if (state == MODULE_LOADABLE)
		check_note(x, "vfio_pci can be loaded; libvirt does so when a guest needs it");
	else if (state == MODULE_MISSING)
		check_warn(x, FIX("boot a kernel that has it"),
			   "this kernel does not have vfio_pci");
	else
		check_note(x, "nothing tells whether this kernel has vfio_pci");
}

// Bridges (class 0x0604) stay with the host whatever their group is.
static bool is_bridge(const struct host *host, const char *device)
{
	auto_free char *path = text_format("/sys/bus/pci/devices/%s/class", device);
	auto_free char *class = root_line(&host->root, path);

	return text_begins(class, "0x0604");
}

static void shared(struct examination *x)
{
	auto_list struct list groups = root_names(&x->host->root, groups_path);
	size_t sharing = 0;

	for (size_t i = 0; i < groups.count; i++) {
		auto_free char *path = text_format("%s/%s/devices", groups_path, groups.items[i]);
		auto_list struct list devices = root_names(&x->host->root, path), kept = {0};
		auto_free char *shown = NULL;

		for (size_t j = 0; j < devices.count; j++)
			if (!is_bridge(x->host, devices.items[j]))
				list_add(&kept, devices.items[j]);
		if (kept.count < 2)
			continue;
		shown = list_join(&kept, " ");
		check_about(x, "group %s", groups.items[i]);
		check_note(x, "only together: %s", shown);
		sharing++;
	}
	if (groups.count && !sharing)
		check_pass(x, "each device can be given away alone");
}

static void unsafe(struct examination *x)
{
	if (!module_parameter_on(x->host, "vfio_iommu_type1", "allow_unsafe_interrupts"))
		return;
	check_warn(x, FIX("load vfio_iommu_type1 with allow_unsafe_interrupts=0"),
		   "allow_unsafe_interrupts=1: a guest with a host device can send any interrupt");
}

const struct check iommu_checks[] = {
	CHECK("iommu", "IOMMU", PURPOSE_QEMU, PURPOSE_QEMU, hardware),
	CHECK("iommu_enabled", "in use", PURPOSE_QEMU, PURPOSE_QEMU, enabled),
	CHECK("vfio", "VFIO", 0, 0, vfio),
	CHECK("iommu_shared_groups", "shared groups", 0, 0, shared),
	CHECK("unsafe_interrupts", "interrupts", 0, 0, unsafe),
	CHECKS_END,
};
