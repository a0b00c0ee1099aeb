// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a guest can itself start a guest. On AMD's SVM one is started and runs two instructions.
// On Intel's VMX it is only seen whether the guest can turn VMX on.
//
// The VMCB: AMD64 Architecture Programmer's Manual, volume 2, appendix B.
#include <linux/kvm.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kvm/kvm_code.h"
#include "kvm/kvm_guest.h"
#include "kvm/kvm_stage.h"

#if defined(__x86_64__)

#include <cpuid.h>

enum {
	VMCB = KVM_MACHINE_DATA + 0x1000, // three pages
	SAVE_AREA = KVM_MACHINE_DATA + 0x2000,
	VMX_REGION = KVM_MACHINE_DATA + 0x3000,
	VMX_POINTER = KVM_MACHINE_DATA + 0x100,

	EXIT_VMMCALL = 0x81,
	MSR_FEATURE_CONTROL = 0x3a,
	MSR_VMX_BASIC = 0x480,
};

static void put(struct kvm_machine *machine, unsigned offset, unsigned long long value, size_t size)
{
	memcpy(machine->memory + VMCB + offset, &value, size);
}

// Attributes as the VMCB packs them: bits 55:52 and 47:40 of a descriptor.
static void put_segment(struct kvm_machine *machine, unsigned offset,
			const struct kvm_segment *segment)
{
	unsigned attributes = segment->type | segment->s << 4 | segment->dpl << 5 |
			      segment->present << 7 | segment->avl << 8 | segment->l << 9 |
			      segment->db << 10 | segment->g << 11;

	put(machine, offset, segment->selector, 2);
	put(machine, offset + 2, attributes, 2);
	put(machine, offset + 4, segment->limit, 4);
	put(machine, offset + 8, segment->base, 8);
}

// The nested guest has the state of its host but for where it begins.
static void write_vmcb(struct kvm_machine *machine, const struct kvm_sregs *special)
{
	memset(machine->memory + VMCB, 0, 4096);
	put(machine, 0x010, 1 << 1 | 1 << 0, 4); // intercept VMMCALL and VMRUN
	put(machine, 0x058, 1, 4);               // address space identifier
	put_segment(machine, 0x400, &special->es);
	put_segment(machine, 0x410, &special->cs);
	put_segment(machine, 0x420, &special->ss);
	put_segment(machine, 0x430, &special->ds);
	put(machine, 0x464, special->gdt.limit, 4);
	put(machine, 0x468, special->gdt.base, 8);
	put(machine, 0x484, special->idt.limit, 4);
	put(machine, 0x488, special->idt.base, 8);
	put(machine, 0x4d0, special->efer | 0x1000, 8); // SVME
	put(machine, 0x548, special->cr4, 8);
	put(machine, 0x550, special->cr3, 8);
	put(machine, 0x558, special->cr0, 8);
	put(machine, 0x560, 0x400, 8);      // DR7
	put(machine, 0x568, 0xffff0ff0, 8); // DR6
	put(machine, 0x570, 2, 8);          // RFLAGS
	put(machine, 0x578, kvm_guest_address(kvm_code_svm_guest), 8);
	put(machine, 0x5d8, KVM_MACHINE_DATA + 0x1000, 8); // RSP
}

static int run_svm(struct kvm_machine *machine)
{
	struct kvm_regs registers = {.rax = VMCB, .rsi = SAVE_AREA, .rbx = 14};
	struct kvm_sregs special;
	unsigned long long code;

	if (ioctl(machine->vcpu, KVM_GET_SREGS, &special) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_SREGS");
	write_vmcb(machine, &special);
	if (kvm_guest_call(machine, kvm_code_svm, &registers) < 0)
		return -1;
	memcpy(&code, machine->memory + VMCB + 0x070, sizeof(code));
	if (code != EXIT_VMMCALL || registers.rbx != 42)
		return kvm_machine_fail(machine, "the guest's guest ended with 0x%llx", code);
	return 0;
}

static int run_vmx(struct kvm_machine *machine)
{
	struct kvm_regs registers = {.rdi = VMX_POINTER};
	unsigned long long region = VMX_REGION, basic;
	unsigned revision;

	// Locked, VMX allowed outside SMX: what firmware would have set.
	if (kvm_guest_set_msr(machine, MSR_FEATURE_CONTROL, 5) < 0 ||
	    kvm_guest_get_msr(machine, MSR_VMX_BASIC, &basic) < 0)
		return -1;
	revision = (unsigned)basic & 0x7fffffff;
	memcpy(machine->memory + VMX_REGION, &revision, sizeof(revision));
	memcpy(machine->memory + VMX_POINTER, &region, sizeof(region));
	if (kvm_guest_call(machine, kvm_code_vmx, &registers) < 0)
		return -1;
	if ((registers.rax & 0xff) != 1)
		return kvm_machine_fail(machine, "VMXON failed in the guest");
	return 0;
}

// Bit BIT of ECX of CPUID LEAF, as guests see it.
static bool guest_has(struct kvm_machine *machine, unsigned leaf, unsigned bit)
{
	union kvm_guest_cpuid cpuid = {0};

	if (kvm_guest_supported_cpuid(machine, &cpuid) < 0)
		return false;
	for (unsigned i = 0; i < cpuid.list.nent; i++)
		if (cpuid.list.entries[i].function == leaf)
			return cpuid.list.entries[i].ecx & 1U << bit;
	return false;
}

int kvm_stage_nested(struct kvm_machine *machine, const struct kvm_probe_request *request,
		     struct kvm_probe *probe)
{
	(void)request;
	(void)probe;
	if (guest_has(machine, 0x80000001, 2))
		return run_svm(machine);
	if (guest_has(machine, 1, 5))
		return run_vmx(machine);
	kvm_machine_fail(machine, "guests are not offered svm or vmx");
	return KVM_STAGE_SKIP;
}

#endif
