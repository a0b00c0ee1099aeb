// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/platform.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/cpuid.h"
#include "host/host.h"

struct name {
	const char *mark;
	const char *name;
};

// How hypervisors call themselves in CPUID.
static const struct name signatures[] = {
	{"KVMKVMKVM", "KVM"},
	{"Linux KVM Hv", "KVM"},
	{"TCGTCGTCGTCG", "QEMU's TCG"},
	{"Microsoft Hv", "Hyper-V"},
	{"VMwareVMware", "VMware"},
	{"XenVMMXenVMM", "Xen"},
	{"VBoxVBoxVBox", "VirtualBox"},
	{"bhyve bhyve ", "bhyve"},
	{"ACRNACRNACRN", "ACRN"},
	{"Jailhouse", "Jailhouse"},
	{"prl hyperv", "Parallels"},
	{" lrpepyh  vr", "Parallels"},
	{"QNXQVMBSQG", "QNX"},
	{"SRESRESRESRE", "LMHS"},
	{"OpenBSDVMM58", "OpenBSD's vmm"},
	{"___ NVMM ___", "NVMM"},
	{"Apple VZ", "Apple's Virtualization"},
};

// What firmware and device tree say, for machines that have no CPUID.
static const struct name models[] = {
	{"QEMU", "QEMU"},
	{"KVM", "KVM"},
	{"Google Compute Engine", "KVM (Google Cloud)"},
	{"Amazon EC2", "KVM (Amazon EC2)"},
	{"VMware", "VMware"},
	{"VirtualBox", "VirtualBox"},
	{"Microsoft Corporation Virtual Machine", "Hyper-V"},
	{"Xen HVM", "Xen"},
	{"Apple Virtualization", "Apple's Virtualization"},
	{"OpenStack", "KVM (OpenStack)"},
	{"Alibaba Cloud ECS", "KVM (Alibaba Cloud)"},
	{"BHYVE", "bhyve"},
};

static char *known(const struct name *names, size_t count, const char *text)
{
	for (size_t i = 0; text && i < count; i++)
		if (strstr(text, names[i].mark))
			return text_copy(names[i].name);
	return NULL;
}

static char *read_model(const struct host *host)
{
	auto_free char *maker = root_line(&host->root, "/sys/class/dmi/id/sys_vendor");
	auto_free char *product = root_line(&host->root, "/sys/class/dmi/id/product_name");
	auto_free char *tag = root_line(&host->root, "/sys/class/dmi/id/chassis_asset_tag");
	char *tree;

	// Oracle's cloud gives itself away there alone.
	if (text_equal(tag, "OracleCloud.com"))
		return text_copy("OracleCloud");
	if (maker && product && *maker && text_begins(product, maker))
		return take(&product);
	if (maker && product && *product)
		return text_format("%s %s", maker, product);
	if (maker && *maker)
		return take(&maker);
	tree = root_line(&host->root, "/proc/device-tree/model");
	return tree ? tree : root_line(&host->root, "/sys/firmware/devicetree/base/model");
}

// Amazon and Google have machines without a hypervisor under the same maker's name.
static bool is_bare_metal(const char *model)
{
	return model && strstr(model, ".metal");
}

// s390x names the hypervisor in /proc/sysinfo, POWER in its device tree or its platform.
static char *named_by_architecture(const struct host *host)
{
	static const struct name texts[] = {
		{"KVM/Linux", "KVM"},         {"z/VM", "z/VM"}, {"linux,kvm", "KVM"},
		{"emulated by qemu", "QEMU"}, {"xen", "Xen"},   {"IBM pSeries", "QEMU"},
	};
	static const char *const files[] = {"/proc/sysinfo",
					    "/proc/device-tree/hypervisor/compatible",
					    "/sys/firmware/devicetree/base/hypervisor/compatible"};
	size_t count = sizeof(texts) / sizeof(*texts);
	char *name = NULL;

	for (size_t i = 0; !name && i < sizeof(files) / sizeof(*files); i++) {
		auto_free char *text = root_read(&host->root, files[i], ROOT_MOST);

		name = known(texts, count, text);
	}
	if (!name)
		name = known(texts, count, host->cpu.platform);
	if (!name)
		name = known(texts, count, host->cpu.number);
	if (name || !text_begins(host->cpu.platform, "pSeries"))
		return name;
	// IBM's own machines name their type, "CHRP IBM,9009-42A".
	return text_copy(host->cpu.number && strstr(host->cpu.number, "IBM,") ? "PowerVM"
									      : "a hypervisor");
}

// The graphics cards of hypervisors, as /proc/bus/pci/devices has vendor and device.
static char *named_by_pci(const struct host *host)
{
	static const struct name cards[] = {
		{"80eebeef", "VirtualBox"}, {"80eecafe", "VirtualBox"}, {"15ad0405", "VMware"},
		{"15ad0710", "VMware"},     {"58530001", "Xen"},        {"14145353", "Hyper-V"},
		{"12341111", "QEMU"},       {"1b360100", "QEMU"},
	};
	const char *next = root_kept(&host->root, "/proc/bus/pci/devices", ROOT_MOST);

	while (next && *next) {
		size_t length = strcspn(next, "\n");
		auto_free char *line = text_copy_bytes(next, length);
		char *name = known(cards, sizeof(cards) / sizeof(*cards), line);

		if (name)
			return name;
		next += length + (next[length] == '\n');
	}
	return NULL;
}

static char *find_hypervisor(const struct host *host, const char *model)
{
	auto_free char *signature = cpuid_hypervisor(host);
	auto_free char *type = root_line(&host->root, "/sys/hypervisor/type");
	bool guest = !host_is_x86(host) || cpu_has(&host->cpu, "hypervisor");
	char *name = known(signatures, sizeof(signatures) / sizeof(*signatures), signature);

	// The kernel makes /proc/xen only where it runs on Xen.
	if (!name && (text_equal(type, "xen") || root_exists(&host->root, "/proc/xen")))
		name = text_copy("Xen");
	if (!name)
		name = named_by_architecture(host);
	// Old versions of VirtualBox do not set the processor's flag for guests.
	guest = guest || (model && strstr(model, "VirtualBox"));
	if (!name && guest && !is_bare_metal(model))
		name = known(models, sizeof(models) / sizeof(*models), model);
	if (!name && !is_bare_metal(model))
		name = named_by_pci(host);
	if (!name && cpu_has(&host->cpu, "hypervisor"))
		name = text_copy("a hypervisor");
	return name;
}

// An image made for containers may run on a machine of its own: only a namespace tells.
static bool in_first_namespace(const struct host *host)
{
	auto_free char *namespace = root_link(&host->root, "/proc/self/ns/pid");

	// PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h.
	return text_equal(namespace, "pid:[4026531836]");
}

static char *find_container(const struct host *host)
{
	static const struct name files[] = {
		{"/run/.containerenv", "Podman"},
		{"/.dockerenv", "Docker"},
		{"/run/secrets/kubernetes.io", "Kubernetes"},
		{"/dev/lxd/sock", "LXD"},
		{"/run/systemd/container", NULL}, // its content is the name
		{"/proc/vz", "OpenVZ"},
	};

	if (in_first_namespace(host))
		return NULL;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (root_exists(&host->root, files[i].mark) &&
		    !(text_equal(files[i].mark, "/proc/vz") &&
		      root_exists(&host->root, "/proc/bc")))
			return files[i].name ? text_copy(files[i].name)
					     : root_line(&host->root, files[i].mark);
	return NULL;
}

bool platform_controls_xen(const struct host *host)
{
	auto_free char *capabilities = root_line(&host->root, "/proc/xen/capabilities");

	return capabilities && strstr(capabilities, "control_d");
}

void platform_look(struct platform *platform, const struct host *host)
{
	auto_free char *version = root_line(&host->root, "/proc/version");

	*platform = (struct platform){.model = read_model(host)};
	platform->board = root_line(&host->root, "/sys/class/dmi/id/board_vendor");
	platform->hypervisor = find_hypervisor(host, platform->model);
	platform->container = find_container(host);
	platform->wsl = version && (strstr(version, "Microsoft") || strstr(version, "microsoft"));
	platform->xen_control = platform_controls_xen(host);
}

void platform_clear(struct platform *platform)
{
	free(platform->hypervisor);
	free(platform->model);
	free(platform->board);
	free(platform->container);
	*platform = (struct platform){0};
}
