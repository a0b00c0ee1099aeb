// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/advice.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "host/platform.h"

// The menus as the makers' manuals name them. Where a maker has many, the most common one.
static const struct {
	const char *maker; // as DMI begins, of the board or the system
	const char *intel, *amd;
} boards[] = {
	{"ASUS", "Advanced > CPU Configuration > Intel (VMX) Virtualization Technology",
	 "Advanced > CPU Configuration > SVM Mode"},
	{"ASRock", "Advanced > CPU Configuration > Intel Virtualization Technology",
	 "Advanced > CPU Configuration > SVM Mode"},
	{"Gigabyte", "Tweaker > Advanced CPU Settings > Intel Virtualization Technology",
	 "Tweaker > Advanced CPU Settings > SVM Mode"},
	{"Micro-Star", "OC > CPU Features > Intel Virtualization Tech",
	 "OC > CPU Features > SVM Mode"},
	{"Supermicro", "Advanced > CPU Configuration > Intel Virtualization Technology",
	 "Advanced > CPU Configuration > SVM Mode"},
	{"Dell Inc. PowerEdge", "System BIOS > Processor Settings > Virtualization Technology",
	 "System BIOS > Processor Settings > Virtualization Technology"},
	{"Dell", "Virtualization Support > Virtualization",
	 "Virtualization Support > Virtualization"},
	{"HPE",
	 "BIOS/Platform Configuration > Virtualization Options > Intel Virtualization Technology",
	 "BIOS/Platform Configuration > Virtualization Options > AMD Virtualization Technology"},
	{"HP", "Security > System Security > Virtualization Technology (VTx)",
	 "Security > System Security > Virtualization Technology"},
	{"LENOVO", "Security > Virtualization > Intel Virtualization Technology",
	 "Security > Virtualization > AMD V(TM) Technology"},
	{"Intel Corporation", "Security > Intel Virtualization Technology", NULL},
	{"Intel(R) Client Systems", "Security > Intel Virtualization Technology", NULL},
};

static const char *menu(const char *maker, bool amd)
{
	for (size_t i = 0; maker && i < sizeof(boards) / sizeof(*boards); i++)
		if (strncasecmp(maker, boards[i].maker, strlen(boards[i].maker)) == 0)
			return amd ? boards[i].amd : boards[i].intel;
	return NULL;
}

char *advice_firmware(const struct platform *platform, const char *name)
{
	bool amd = text_equal(name, "AMD-V");
	const char *switches = amd ? "SVM (AMD-V)"
			       : text_equal(name, "VT-x")
				       ? "Intel Virtualization Technology (VT-x)"
				       : "Intel Virtualization Technology or SVM";
	const char *found = menu(platform->board, amd);

	if (!found)
		found = menu(platform->model, amd);
	if (found && (amd || text_equal(name, "VT-x")))
		return text_format("switch it on in the firmware setup (%s), then turn the machine "
				   "off and on",
				   found);
	return text_format("switch on %s in the firmware setup, usually in a menu called CPU, "
			   "Advanced or Security, then turn the machine off and on",
			   switches);
}

// What providers document, and what the hypervisors' own manuals say.
static const struct {
	const char *model, *hypervisor; // a part of either; NULL for any
	const char *advice;
} clouds[] = {
	{"Amazon EC2", NULL,
	 "take an instance type C8i, M8i or R8i started with --cpu-options "
	 "NestedVirtualization=enabled, or one of bare metal (*.metal)"},
	{"Google Compute Engine", NULL,
	 "recreate the instance with --enable-nested-virtualization on a machine type with Intel "
	 "CPUs other than E2 (such as N2 or C3)"},
	{"Microsoft Corporation Virtual Machine", NULL,
	 "on Azure take a size that documents nested virtualization (such as Dv5 or Ev5) and the "
	 "security type Standard; on your own Hyper-V: Set-VMProcessor NAME "
	 "-ExposeVirtualizationExtensions $true"},
	{"Alibaba Cloud", NULL, "take an instance of ECS Bare Metal (ebm*)"},
	{"OracleCloud", NULL, "take a bare metal shape (BM.*)"},
	{"OpenStack", NULL,
	 "have the provider set nested=1 on its hosts and cpu_mode=host-passthrough in Nova"},
	{NULL, "VirtualBox",
	 "switch the machine off, then on its host: VBoxManage modifyvm NAME --nested-hw-virt on"},
	{NULL, "VMware",
	 "switch the machine off and set vhv.enable = \"TRUE\" (Expose hardware assisted "
	 "virtualization to the guest OS)"},
	{NULL, "Hyper-V",
	 "switch the machine off, then on its host: Set-VMProcessor NAME "
	 "-ExposeVirtualizationExtensions $true"},
	{NULL, "Parallels",
	 "switch on Enable nested virtualization in its Hardware > CPU settings"},
	{NULL, "Xen", "use Xen's own guests: its nested virtualisation is experimental"},
	{NULL, "User Mode Linux", "run guests on the system that this one runs on"},
	{NULL, "TCG", "start QEMU with a -cpu that has svm, such as EPYC,+svm"},
	{NULL, "KVM",
	 "on its host load kvm_intel or kvm_amd with nested=1, and give this guest the CPU mode "
	 "host-passthrough"},
	{NULL, "QEMU",
	 "on its host load KVM's module with nested=1, and give this guest the CPU mode "
	 "host-passthrough"},
};

const char *advice_nested(const struct platform *platform, bool x86)
{
	if (platform->wsl)
		return "in %UserProfile%\\.wslconfig on Windows 11: [wsl2] "
		       "nestedVirtualization=true, then wsl --shutdown";
	if (!x86)
		return "take a machine of bare metal (at Amazon EC2 *.metal): few hypervisors "
		       "offer "
		       "nested virtualisation on this architecture";
	for (size_t i = 0; i < sizeof(clouds) / sizeof(*clouds); i++)
		if (clouds[i].model ? platform->model && strstr(platform->model, clouds[i].model)
				    : platform->hypervisor &&
					      strstr(platform->hypervisor, clouds[i].hypervisor))
			return clouds[i].advice;
	return "have the hypervisor below offer nested virtualisation, or take an instance type "
	       "that has it";
}
