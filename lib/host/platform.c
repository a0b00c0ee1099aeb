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
	{"OpenStack", "a hypervisor (OpenStack)"},
	{"Alibaba Cloud ECS", "KVM (Alibaba Cloud)"},
	{"BHYVE", "bhyve"},
	{"KubeVirt", "KVM (KubeVirt)"},
	{"Parallels", "Parallels"},
	{"Bochs", "Bochs"},
};

// The processors that QEMU makes up; its old versions set no flag for guests.
static const struct name processors[] = {
	{"QEMU Virtual CPU", "QEMU"},
	{"Common KVM processor", "KVM"},
	{"Common 32-bit KVM processor", "KVM"},
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

static const char user_mode[] = "User Mode Linux"; // as /proc/cpuinfo names it

static char *find_hypervisor(const struct host *host, const char *model)
{
	auto_free char *signature = cpuid_hypervisor(host);
	auto_free char *type = root_line(&host->root, "/sys/hypervisor/type");
	bool guest = !host_is_x86(host) || cpu_has(&host->cpu, "hypervisor");
	char *name;

	// The kernel makes /proc/xen only where it runs on Xen, which may call itself Hyper-V.
	if (text_equal(type, "xen") || root_exists(&host->root, "/proc/xen"))
		return text_copy("Xen");
	if (text_equal(host->cpu.vendor, user_mode))
		return text_copy(user_mode);
	name = known(signatures, sizeof(signatures) / sizeof(*signatures), signature);
	if (!name)
		name = known(processors, sizeof(processors) / sizeof(*processors), host->cpu.model);
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

// LXC gives its containers files of /proc of their own.
static bool has_lxcfs(const struct host *host)
{
	const char *mounts = root_kept(&host->root, "/proc/self/mounts", ROOT_MOST);

	return mounts && strstr(mounts, "lxcfs /proc/");
}

static char *find_container(const struct host *host)
{
	static const struct name files[] = {
		{"/run/.containerenv", "Podman"},
		{"/.dockerenv", "Docker"},
		{"/run/secrets/kubernetes.io", "Kubernetes"},
		{"/dev/lxd/sock", "LXD"},
		{"/run/systemd/container", NULL}, // its content is the name
		{"/run/host/container-manager", NULL},
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
	return has_lxcfs(host) ? text_copy("LXC") : NULL;
}

static bool controls_xen(const struct host *host)
{
	enum { DOM0 = 1U << 11 }; // XENFEAT_dom0 of xen/include/public/features.h
	auto_free char *capabilities = root_line(&host->root, "/proc/xen/capabilities");
	auto_free char *features = NULL;

	if (capabilities)
		return strstr(capabilities, "control_d");
	// Where that file system is not mounted.
	features = root_line(&host->root, "/sys/hypervisor/properties/features");
	return features && strtoul(features, NULL, 16) & DOM0;
}

static bool is_paravirtual(const struct host *host, const char *hypervisor)
{
	auto_free char *type = NULL;

	if (!text_equal(hypervisor, "Xen"))
		return text_equal(hypervisor, user_mode);
	type = root_line(&host->root, "/sys/hypervisor/guest_type");
	// Kernels before 4.13 do not tell, but set the processor's flag for the other kind.
	return type ? text_equal(type, "PV") : !cpu_has(&host->cpu, "hypervisor");
}

void platform_look(struct platform *platform, const struct host *host)
{
	auto_free char *version = root_line(&host->root, "/proc/version");

	*platform = (struct platform){.model = read_model(host)};
	platform->board = root_line(&host->root, "/sys/class/dmi/id/board_vendor");
	platform->hypervisor = find_hypervisor(host, platform->model);
	platform->container = find_container(host);
	platform->wsl1 = version && strstr(version, "-Microsoft ");
	platform->wsl = version && (platform->wsl1 || strstr(version, "icrosoft"));
	platform->paravirtual = is_paravirtual(host, platform->hypervisor);
	platform->xen_control = text_equal(platform->hypervisor, "Xen") && controls_xen(host);
}

void platform_clear(struct platform *platform)
{
	free(platform->hypervisor);
	free(platform->model);
	free(platform->board);
	free(platform->container);
	*platform = (struct platform){0};
}
