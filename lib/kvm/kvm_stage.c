// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "kvm/kvm_guest.h"

// Whether it is another driver's: merely opening a watchdog, say, is an order to restart the
// machine.
static bool is_foreign(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
	       status.st_rdev != makedev(KVM_MAJOR, KVM_MINOR);
}

static int open_device(struct kvm_machine *machine, const struct kvm_probe_request *request,
		       struct kvm_probe *probe)
{
	const char *path = request->device ? request->device : "/dev/kvm";
	bool foreign = is_foreign(path);

	machine->device = foreign ? -1 : open(path, O_RDWR | O_CLOEXEC);
	if (machine->device >= 0)
		return 0;
	if (foreign)
		errno = ENOTTY;
	probe->open_error = errno;
	return kvm_machine_fail_errno(machine, "open");
}

// "Applications should refuse to run if KVM_GET_API_VERSION returns a value other than 12."
static int version(struct kvm_machine *machine, const struct kvm_probe_request *request,
		   struct kvm_probe *probe)
{
	(void)request;
	probe->version = ioctl(machine->device, KVM_GET_API_VERSION, 0);
	if (probe->version < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_API_VERSION");
	if (probe->version != KVM_API_VERSION)
		return kvm_machine_fail(machine, "KVM_GET_API_VERSION gave %d instead of %d",
					probe->version, KVM_API_VERSION);
	return 0;
}

static int create_vm(struct kvm_machine *machine, const struct kvm_probe_request *request,
		     struct kvm_probe *probe)
{
	(void)request;
	(void)probe;
	return kvm_machine_create_vm(machine);
}

static int add_memory(struct kvm_machine *machine, const struct kvm_probe_request *request,
		      struct kvm_probe *probe)
{
	(void)request;
	(void)probe;
	return kvm_machine_add_memory(machine);
}

static int create_vcpu(struct kvm_machine *machine, const struct kvm_probe_request *request,
		       struct kvm_probe *probe)
{
	(void)request;
	(void)probe;
	if (kvm_machine_create_vcpu(machine) < 0)
		return -1;
#if defined(__x86_64__)
	return kvm_guest_prepare(machine);
#else
	return 0;
#endif
}

#if defined(__x86_64__)
#define ON_X86(run_) (run_)
#else
static int elsewhere(struct kvm_machine *machine, const struct kvm_probe_request *request,
		     struct kvm_probe *probe)
{
	(void)request;
	(void)probe;
	kvm_machine_fail(machine, "not on this architecture");
	return KVM_STAGE_SKIP;
}
#define ON_X86(run_) elsewhere
#endif

// A sound KVM needs a hundredth of these bounds: they are for hosts that are slow or busy.
// clang-format off
const struct kvm_stage_row kvm_stage_rows[KVM_STAGES] = {
	[KVM_STAGE_OPEN] = {"open", "/dev/kvm opens", open_device, 100, KVM_STAGE_VITAL},
	[KVM_STAGE_VERSION] = {"version", "API version", version, 100, KVM_STAGE_VITAL},
	[KVM_STAGE_VM] = {"vm", "VM", create_vm, 200, KVM_STAGE_VITAL},
	[KVM_STAGE_MEMORY] = {"memory", "guest memory", add_memory, 100, KVM_STAGE_VITAL},
	[KVM_STAGE_VCPU] = {"vcpu", "vCPU", create_vcpu, 200, KVM_STAGE_VITAL},
	[KVM_STAGE_REGISTERS] = {"registers", "general registers",
				 ON_X86(kvm_stage_registers), 200, KVM_STAGE_GUEST | KVM_STAGE_VITAL},
	[KVM_STAGE_SPECIAL] = {"special_registers", "control and SSE registers",
			       ON_X86(kvm_stage_special), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_MSR] = {"msr", "model-specific registers",
			   ON_X86(kvm_stage_msr), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_PAGING] = {"paging", "paging", ON_X86(kvm_stage_paging), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_PORT] = {"port", "port access", ON_X86(kvm_stage_port), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_DEVICE] = {"mmio", "memory-mapped access",
			      ON_X86(kvm_stage_device), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_INTERRUPT] = {"interrupt", "interrupt",
				 ON_X86(kvm_stage_interrupt), 200, KVM_STAGE_GUEST},
	[KVM_STAGE_SPEED] = {"speed", "speed of 64-bit code",
			     ON_X86(kvm_stage_speed), 1000, KVM_STAGE_GUEST},
	[KVM_STAGE_CAPABILITIES] = {"capabilities", "capabilities", kvm_stage_capabilities, 200,
				    KVM_STAGE_FULL},
	[KVM_STAGE_EXITS] = {"exits", "time of an exit",
			     ON_X86(kvm_stage_exits), 1000, KVM_STAGE_GUEST | KVM_STAGE_FULL},
	[KVM_STAGE_DIRTY_LOG] = {"dirty_log", "log of written pages",
				 ON_X86(kvm_stage_dirty_log), 200, KVM_STAGE_GUEST | KVM_STAGE_FULL},
	[KVM_STAGE_NESTED] = {"nested", "guest in a guest",
			      ON_X86(kvm_stage_nested), 200, KVM_STAGE_GUEST | KVM_STAGE_FULL},
	[KVM_STAGE_SLOTS] = {"slots", "memory slots", kvm_stage_slots, 500, KVM_STAGE_FULL},
	[KVM_STAGE_VCPUS] = {"vcpus", "vCPUs of a VM", kvm_stage_vcpus, 2000, KVM_STAGE_FULL},
	[KVM_STAGE_VMS] = {"vms", "VMs at a time", kvm_stage_vms, 5000, KVM_STAGE_FULL},
};
// clang-format on
