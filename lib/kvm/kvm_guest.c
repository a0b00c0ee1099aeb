// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_guest.h"

#if defined(__x86_64__)

#include <string.h>
#include <sys/ioctl.h>

#include "kvm/kvm_code.h"
#include "kvm/kvm_machine.h"

enum {
	LEVEL_4 = 0x1000,
	LEVEL_3 = 0x2000,
	LEVEL_2 = 0x3000,
	SEGMENTS = 0x4000,
	INTERRUPTS = 0x5000,
	STACK_TOP = 0x8000,
	CODE = 0x8000,

	SELECTOR_CODE = 0x08,
	SELECTOR_DATA = 0x10,
};

unsigned long kvm_guest_address(const unsigned char *entry)
{
	return CODE + (unsigned long)(entry - kvm_code_start);
}

static void put(struct kvm_machine *machine, unsigned long address, unsigned long long value)
{
	memcpy(machine->memory + address, &value, sizeof(value));
}

// The first GiB in pages of 2 MiB, once at 0 and once at KVM_MACHINE_ALIAS (the second GiB).
static void write_page_tables(struct kvm_machine *machine)
{
	enum { PRESENT = 1, WRITABLE = 2, LARGE = 0x80 };

	put(machine, LEVEL_4, LEVEL_3 | PRESENT | WRITABLE);
	put(machine, LEVEL_3, LEVEL_2 | PRESENT | WRITABLE);
	put(machine, LEVEL_3 + 8, LEVEL_2 | PRESENT | WRITABLE);
	for (unsigned long long i = 0; i < 512; i++)
		put(machine, LEVEL_2 + i * 8, i << 21 | PRESENT | WRITABLE | LARGE);
}

static void write_descriptors(struct kvm_machine *machine)
{
	unsigned long handler = kvm_guest_address(kvm_code_handler);

	put(machine, SEGMENTS + SELECTOR_CODE, 0x00af9b000000ffffULL);
	put(machine, SEGMENTS + SELECTOR_DATA, 0x00cf93000000ffffULL);
	// A 64-bit interrupt gate; the handler is below 64 KiB.
	put(machine, INTERRUPTS + KVM_GUEST_VECTOR * 16,
	    handler | SELECTOR_CODE << 16 | 0x8eULL << 40);
}

static void set_segment(struct kvm_segment *segment, unsigned short selector, bool code)
{
	*segment = (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = code ? 11 : 3,
		.present = 1,
		.db = !code,
		.s = 1,
		.l = code,
		.g = 1,
	};
}

static int set_special(struct kvm_machine *machine)
{
	struct kvm_sregs special;

	if (ioctl(machine->vcpu, KVM_GET_SREGS, &special) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_SREGS");
	set_segment(&special.cs, SELECTOR_CODE, true);
	set_segment(&special.ds, SELECTOR_DATA, false);
	special.es = special.fs = special.gs = special.ss = special.ds;
	special.gdt = (struct kvm_dtable){.base = SEGMENTS, .limit = SELECTOR_DATA + 7};
	special.idt = (struct kvm_dtable){.base = INTERRUPTS, .limit = 0xfff};
	special.cr0 = 0x80000033; // PG NE ET MP PE
	special.cr3 = LEVEL_4;
	special.cr4 = 0x620;  // OSXMMEXCPT OSFXSR PAE
	special.efer = 0x500; // LMA LME
	if (ioctl(machine->vcpu, KVM_SET_SREGS, &special) < 0)
		return kvm_machine_fail_errno(machine, "KVM_SET_SREGS");
	return 0;
}

int kvm_guest_supported_cpuid(struct kvm_machine *machine, union kvm_guest_cpuid *cpuid)
{
	cpuid->list.nent = KVM_GUEST_LEAVES;
	if (ioctl(machine->device, KVM_GET_SUPPORTED_CPUID, &cpuid->list) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_SUPPORTED_CPUID");
	if (cpuid->list.nent > KVM_GUEST_LEAVES)
		return kvm_machine_fail(machine, "KVM_GET_SUPPORTED_CPUID gave too many leaves");
	return 0;
}

static int set_cpuid(struct kvm_machine *machine)
{
	union kvm_guest_cpuid cpuid = {0};

	if (kvm_guest_supported_cpuid(machine, &cpuid) < 0)
		return -1;
	if (ioctl(machine->vcpu, KVM_SET_CPUID2, &cpuid.list) < 0)
		return kvm_machine_fail_errno(machine, "KVM_SET_CPUID2");
	return 0;
}

static int access_msr(struct kvm_machine *machine, unsigned long call, unsigned index,
		      unsigned long long *value)
{
	union {
		struct kvm_msrs list;
		unsigned char space[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)];
	} msrs = {.list = {.nmsrs = 1}};
	const char *name = call == KVM_SET_MSRS ? "KVM_SET_MSRS" : "KVM_GET_MSRS";
	int done;

	msrs.list.entries[0] = (struct kvm_msr_entry){.index = index, .data = *value};
	done = ioctl(machine->vcpu, call, &msrs.list);
	if (done < 0)
		return kvm_machine_fail_errno(machine, name);
	if (done != 1)
		return kvm_machine_fail(machine, "%s does not take MSR 0x%x", name, index);
	*value = msrs.list.entries[0].data;
	return 0;
}

int kvm_guest_get_msr(struct kvm_machine *machine, unsigned index, unsigned long long *value)
{
	*value = 0;
	return access_msr(machine, KVM_GET_MSRS, index, value);
}

int kvm_guest_set_msr(struct kvm_machine *machine, unsigned index, unsigned long long value)
{
	return access_msr(machine, KVM_SET_MSRS, index, &value);
}

int kvm_guest_prepare(struct kvm_machine *machine)
{
	write_page_tables(machine);
	write_descriptors(machine);
	memcpy(machine->memory + CODE, kvm_code_start, (size_t)(kvm_code_end - kvm_code_start));
	return set_cpuid(machine) < 0 ? -1 : set_special(machine);
}

int kvm_guest_start(struct kvm_machine *machine, const unsigned char *entry,
		    struct kvm_regs *registers)
{
	registers->rip = kvm_guest_address(entry);
	registers->rsp = STACK_TOP;
	registers->rflags = 2;
	if (ioctl(machine->vcpu, KVM_SET_REGS, registers) < 0)
		return kvm_machine_fail_errno(machine, "KVM_SET_REGS");
	return 0;
}

int kvm_guest_registers(struct kvm_machine *machine, struct kvm_regs *registers)
{
	if (ioctl(machine->vcpu, KVM_GET_REGS, registers) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_REGS");
	return 0;
}

int kvm_guest_call(struct kvm_machine *machine, const unsigned char *entry,
		   struct kvm_regs *registers)
{
	if (kvm_guest_start(machine, entry, registers) < 0 ||
	    kvm_machine_expect(machine, KVM_EXIT_HLT) < 0)
		return -1;
	return kvm_guest_registers(machine, registers);
}

#endif
