// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "cmd/kvm-check/check.h"

const struct check_group check_groups[] = {
	{"cpu", "CPU", "what the processor can", cpu_checks},
	{"hypervisor", "Machine", "hypervisors below and beside this system", hypervisor_checks},
	{"kernel", "Kernel", "the kernel's modules that make KVM", module_checks},
	{"device", "Device", "/dev/kvm and who may open it", device_checks},
	{"probe", "Probe", "what KVM does when a guest is run (by name: in full)", probe_checks},
	{"nested", "Nested guests", "guests that have guests of their own", nested_checks},
	{"memory", "Memory", "memory and huge pages for guests", memory_checks},
	{"clock", "Clock", "the clock that guests' time is made from", clock_checks},
	{"cgroups", "Control groups", "limits and shares for guests", cgroup_checks},
	{"network", "Network", "tun, vhost-net, bridges", network_checks},
	{"vsock", "vsock", "sockets between guest and host", vsock_checks},
	{"storage", "Storage", "the file system of the default pool", storage_checks},
	{"iommu", "Host devices", "IOMMU, its groups, VFIO", iommu_checks},
	{"secure", "Secure guests", "SEV, TDX, Secure Execution and the like", secure_checks},
	{"security", "Security", "what confines QEMU", security_checks},
	{"qemu", "QEMU", "programs, firmware, the rest of virt-host-validate", qemu_checks},
	{"libvirt", "libvirt", "daemons, sockets, default network and pool", libvirt_checks},
	{"lxc", "LXC", "virt-host-validate's set for containers", lxc_checks},
	{"ch", "Cloud Hypervisor", "virt-host-validate's set for Cloud Hypervisor", ch_checks},
	{"bhyve", "bhyve", "virt-host-validate's set for bhyve", bhyve_checks},
	{NULL, NULL, NULL, NULL},
};
