// SPDX-License-Identifier: GPL-3.0-or-later
// What management and migration need of KVM, and how much of everything it gives.
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "kvm/kvm_code.h"
#include "kvm/kvm_guest.h"
#include "kvm/kvm_stage.h"

enum {
	PAGE = 4096,
	FIRST_SLOT = 16,
	SLOTS_MOST = 128,    // that the probe takes
	OBJECTS_MOST = 4096, // VMs or vCPUs
};

// The physical address of the first slot, beyond everything else. No constant of the enum above: it
// fits no int.
static const unsigned long long slots_begin = 0x100000000;

// QEMU does not start without these (its kvm_required_capabilites).
static const unsigned required[] = {
	KVM_CAP_USER_MEMORY,
	KVM_CAP_DESTROY_MEMORY_REGION_WORKS,
	KVM_CAP_JOIN_MEMORY_REGIONS_WORKS,
	KVM_CAP_INTERNAL_ERROR_DATA,
	KVM_CAP_IOEVENTFD,
	KVM_CAP_IOEVENTFD_ANY_LENGTH,
#if defined(__x86_64__)
	KVM_CAP_SET_TSS_ADDR,
	KVM_CAP_EXT_CPUID,
	KVM_CAP_CLOCKSOURCE,
#endif
};

int kvm_stage_capabilities(struct kvm_machine *machine, const struct kvm_probe_request *request,
			   struct kvm_probe *probe)
{
	(void)request;
	for (unsigned i = 0; i < KVM_CAPABILITIES; i++) {
		int value = ioctl(machine->device, KVM_CHECK_EXTENSION, (unsigned long)i);

		probe->capabilities[i] = value > 0 ? value : 0;
	}
	for (size_t i = 0; i < sizeof(required) / sizeof(*required); i++)
		if (!probe->capabilities[required[i]])
			return kvm_machine_fail(machine, "there is no %s, which QEMU needs",
						kvm_capability_name(required[i]));
	return 0;
}

static bool time_over(const struct kvm_machine *machine)
{
	return clock_nanoseconds() >= machine->deadline;
}

#if defined(__x86_64__)

static int read_log(struct kvm_machine *machine, unsigned char *bitmap)
{
	struct kvm_dirty_log log = {.slot = 1, .dirty_bitmap = bitmap};

	memset(bitmap, 0, 8);
	if (ioctl(machine->vm, KVM_GET_DIRTY_LOG, &log) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_DIRTY_LOG");
	return 0;
}

int kvm_stage_dirty_log(struct kvm_machine *machine, const struct kvm_probe_request *request,
			struct kvm_probe *probe)
{
	enum { WRITTEN = 5 }; // the page that the guest writes
	struct kvm_regs registers = {.rdi = KVM_MACHINE_LOG + WRITTEN * PAGE, .rax = 1};
	unsigned char bitmap[8];

	(void)request;
	(void)probe;
	if (read_log(machine, bitmap) < 0 ||
	    kvm_guest_call(machine, kvm_code_memory, &registers) < 0 ||
	    read_log(machine, bitmap) < 0)
		return -1;
	if (bitmap[0] != 1 << WRITTEN || bitmap[1] != 0)
		return kvm_machine_fail(machine, "the log is 0x%02x%02x after a write to page %d",
					bitmap[1], bitmap[0], WRITTEN);
	return read_log(machine, bitmap) < 0 ? -1
	       : bitmap[0] ? kvm_machine_fail(machine, "the log is not cleared by reading it")
			   : 0;
}

#endif

int kvm_stage_slots(struct kvm_machine *machine, const struct kvm_probe_request *request,
		    struct kvm_probe *probe)
{
	int limit = ioctl(machine->device, KVM_CHECK_EXTENSION, KVM_CAP_NR_MEMSLOTS);
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {.memory_size = PAGE,
						     .userspace_addr = (unsigned long)page};
	unsigned made = 0;

	(void)request;
	if (page == MAP_FAILED)
		return kvm_machine_fail_errno(machine, "mmap");
	while (made < SLOTS_MOST && (int)made + FIRST_SLOT < limit && !time_over(machine)) {
		region.slot = FIRST_SLOT + made;
		region.guest_phys_addr = slots_begin + 2ULL * PAGE * made;
		if (ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
			break;
		made++;
	}
	probe->slots = limit > 0 ? (unsigned)limit : 0;
	if (made < SLOTS_MOST && (int)made + FIRST_SLOT < limit && !time_over(machine))
		return kvm_machine_fail(machine, "piece %u of %d: %s", made + FIRST_SLOT, limit,
					strerror(errno));
	return 0;
}

// Creates WANTED objects by CALL on PARENT, beside the one there is, and closes them. CALL numbers
// them from FIRST on unless NUMBERED is false. The number that there were goes to *MADE.
static int create_many(struct kvm_machine *machine, unsigned wanted, int parent, unsigned long call,
		       unsigned *made)
{
	int *fds, failed = 0;
	size_t size;

	wanted = wanted < 1 ? 1 : wanted > OBJECTS_MOST ? OBJECTS_MOST : wanted;
	size = wanted * sizeof(int);
	fds = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fds == MAP_FAILED)
		return kvm_machine_fail_errno(machine, "mmap");
	for (*made = 1; *made < wanted && !time_over(machine) && !failed; ++*made) {
		fds[*made] = ioctl(parent, call, call == KVM_CREATE_VCPU ? *made : 0);
		failed = fds[*made] < 0 ? errno : 0;
		if (failed)
			break;
	}
	for (unsigned i = 1; i < *made; i++)
		close(fds[i]);
	munmap(fds, size);
	if (failed)
		return kvm_machine_fail(machine, "%u of %u: %s", *made, wanted, strerror(failed));
	return *made < wanted ? kvm_machine_fail(machine, "%u of %u in time", *made, wanted) : 0;
}

int kvm_stage_vcpus(struct kvm_machine *machine, const struct kvm_probe_request *request,
		    struct kvm_probe *probe)
{
	return create_many(machine, request->vcpus, machine->vm, KVM_CREATE_VCPU, &probe->vcpus);
}

int kvm_stage_vms(struct kvm_machine *machine, const struct kvm_probe_request *request,
		  struct kvm_probe *probe)
{
	return create_many(machine, request->vms, machine->device, KVM_CREATE_VM, &probe->vms);
}
