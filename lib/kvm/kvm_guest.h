// SPDX-License-Identifier: GPL-3.0-or-later
// The x86 guest of the probe: in 64-bit mode with paging from its first instruction on.
#pragma once

#if defined(__x86_64__)

#include <linux/kvm.h>

struct kvm_machine;

enum { KVM_GUEST_VECTOR = 0x40 }; // the interrupt that kvm_code_handler handles

// Gives the vCPU what KVM supports of CPUID, page tables, segments, the interrupt's handler.
int kvm_guest_prepare(struct kvm_machine *machine);

// Sets the general registers so that the guest goes on at the piece of code at ENTRY (kvm_code.h).
// RIP, RSP and RFLAGS of REGISTERS are filled in.
int kvm_guest_start(struct kvm_machine *machine, const unsigned char *entry,
		    struct kvm_regs *registers);

// Runs that piece until it halts, and reads the registers back.
int kvm_guest_call(struct kvm_machine *machine, const unsigned char *entry,
		   struct kvm_regs *registers);
int kvm_guest_registers(struct kvm_machine *machine, struct kvm_regs *registers);

// One model-specific register of the vCPU. Both give 0, or -1 with the machine's detail set.
int kvm_guest_get_msr(struct kvm_machine *machine, unsigned index, unsigned long long *value);
int kvm_guest_set_msr(struct kvm_machine *machine, unsigned index, unsigned long long value);

enum { KVM_GUEST_LEAVES = 256 };

union kvm_guest_cpuid {
	struct kvm_cpuid2 list;
	unsigned char space[sizeof(struct kvm_cpuid2) +
			    KVM_GUEST_LEAVES * sizeof(struct kvm_cpuid_entry2)];
};

// What KVM can offer to guests.
int kvm_guest_supported_cpuid(struct kvm_machine *machine, union kvm_guest_cpuid *cpuid);

// The physical address of a piece of code.
unsigned long kvm_guest_address(const unsigned char *entry);

#endif
