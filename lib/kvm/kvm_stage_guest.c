// SPDX-License-Identifier: GPL-3.0-or-later
// Guest code and its exits. What a guest computes is checked on both sides: a KVM that only says
// that it ran something is found out.
#include <linux/kvm.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kvm/kvm_code.h"
#include "kvm/kvm_guest.h"
#include "kvm/kvm_stage.h"

#if defined(__x86_64__)

enum {
	PORT = 0xe0,
	SENT = 0x5a,     // by the guest
	ANSWERED = 0x21, // by us
	MSR_KERNEL_GS_BASE = 0xc0000102,
};

int kvm_stage_registers(struct kvm_machine *machine, const struct kvm_probe_request *request,
			struct kvm_probe *probe)
{
	struct kvm_regs set, got;
	unsigned long long *registers = (unsigned long long *)&set;

	(void)request;
	(void)probe;
	// RAX to R15 stand first, in the order of their numbers but for RSI, RDI, RSP, RBP.
	for (unsigned i = 0; i < 16; i++)
		registers[i] = 0x0123456789abcdefULL * (i + 1);
	got = set;
	if (kvm_guest_call(machine, kvm_code_registers, &got) < 0)
		return -1;
	for (unsigned i = 0; i < 16; i++)
		if (&registers[i] != &set.rsp &&
		    ((unsigned long long *)&got)[i] != registers[i] + 1)
			return kvm_machine_fail(machine,
						"a register came back as 0x%llx instead of 0x%llx",
						((unsigned long long *)&got)[i], registers[i] + 1);
	return 0;
}

static int check_sse(struct kvm_machine *machine, const unsigned long long *expected)
{
	struct kvm_fpu floating;
	unsigned long long got[2];

	if (ioctl(machine->vcpu, KVM_GET_FPU, &floating) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_FPU");
	memcpy(got, floating.xmm[0], sizeof(got));
	if (got[0] != expected[0] || got[1] != expected[1])
		return kvm_machine_fail(machine, "XMM0 came back as 0x%llx%016llx", got[1], got[0]);
	return 0;
}

// On AMD a guest runs with the host's CR4.MCE and sees it where reading CR4 does not leave it
// (Linux, arch/x86/kvm/svm/svm.c: svm_set_cr4).
enum { CR4_MCE = 1 << 6 };

int kvm_stage_special(struct kvm_machine *machine, const struct kvm_probe_request *request,
		      struct kvm_probe *probe)
{
	static const unsigned long long halves[2] = {0x1122334455667788, 0x123456789abcdef0};
	struct kvm_fpu floating;
	struct kvm_sregs special;
	struct kvm_regs registers = {0};

	(void)request;
	(void)probe;
	if (ioctl(machine->vcpu, KVM_GET_FPU, &floating) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_FPU");
	memcpy(floating.xmm[0], halves, sizeof(halves));
	if (ioctl(machine->vcpu, KVM_SET_FPU, &floating) < 0)
		return kvm_machine_fail_errno(machine, "KVM_SET_FPU");
	if (kvm_guest_call(machine, kvm_code_special, &registers) < 0)
		return -1;
	if (ioctl(machine->vcpu, KVM_GET_SREGS, &special) < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_SREGS");
	if (registers.rax != special.cr3)
		return kvm_machine_fail(machine, "the guest sees CR3 as 0x%llx, KVM as 0x%llx",
					registers.rax, special.cr3);
	if ((registers.rbx ^ special.cr4) & ~CR4_MCE)
		return kvm_machine_fail(machine, "the guest sees CR4 as 0x%llx, KVM as 0x%llx",
					registers.rbx, special.cr4);
	return check_sse(machine, (unsigned long long[2]){halves[0] * 2, halves[1] * 2});
}

int kvm_stage_msr(struct kvm_machine *machine, const struct kvm_probe_request *request,
		  struct kvm_probe *probe)
{
	struct kvm_regs registers = {.rcx = MSR_KERNEL_GS_BASE};
	unsigned long long value = 0x00007abc12345678;

	(void)request;
	(void)probe;
	if (kvm_guest_set_msr(machine, MSR_KERNEL_GS_BASE, value) < 0 ||
	    kvm_guest_call(machine, kvm_code_msr, &registers) < 0 ||
	    kvm_guest_get_msr(machine, MSR_KERNEL_GS_BASE, &value) < 0)
		return -1;
	if (value != 0x00007abc12345679 || registers.rax != 0x12345679 || registers.rdx != 0x7abc)
		return kvm_machine_fail(machine, "MSR 0x%x came back as 0x%llx", MSR_KERNEL_GS_BASE,
					value);
	return 0;
}

int kvm_stage_paging(struct kvm_machine *machine, const struct kvm_probe_request *request,
		     struct kvm_probe *probe)
{
	struct kvm_regs registers = {.rdi = KVM_MACHINE_ALIAS + KVM_MACHINE_DATA,
				     .rax = 0x600df00d};
	unsigned got;

	(void)request;
	(void)probe;
	if (kvm_guest_call(machine, kvm_code_memory, &registers) < 0)
		return -1;
	memcpy(&got, machine->memory + KVM_MACHINE_DATA, sizeof(got));
	if (got != 0x600df00e)
		return kvm_machine_fail(machine, "the guest's memory holds 0x%x", got);
	return 0;
}

// One access to the port; a read is answered.
static int port_access(struct kvm_machine *machine, bool out, unsigned char expected)
{
	struct kvm_run *run = machine->run;
	unsigned char *data;

	if (kvm_machine_expect(machine, KVM_EXIT_IO) < 0)
		return -1;
	if (run->io.port != PORT || run->io.size != 1 || run->io.count != 1 ||
	    run->io.direction != (out ? KVM_EXIT_IO_OUT : KVM_EXIT_IO_IN) ||
	    run->io.data_offset >= machine->run_size)
		return kvm_machine_fail(machine, "the access is described as size %d, port 0x%x",
					run->io.size, run->io.port);
	data = (unsigned char *)run + run->io.data_offset;
	if (!out)
		*data = ANSWERED;
	else if (*data != expected)
		return kvm_machine_fail(machine, "the guest wrote 0x%x, 0x%x arrived", expected,
					*data);
	return 0;
}

int kvm_stage_port(struct kvm_machine *machine, const struct kvm_probe_request *request,
		   struct kvm_probe *probe)
{
	struct kvm_regs registers = {.rdx = PORT, .rax = SENT};

	(void)request;
	(void)probe;
	if (kvm_guest_start(machine, kvm_code_port, &registers) < 0 ||
	    port_access(machine, true, SENT) < 0 || port_access(machine, false, 0) < 0 ||
	    port_access(machine, true, ANSWERED + 1) < 0)
		return -1;
	return kvm_machine_expect(machine, KVM_EXIT_HLT);
}

static int device_access(struct kvm_machine *machine, bool write, unsigned expected)
{
	struct kvm_run *run = machine->run;
	unsigned got;

	if (kvm_machine_expect(machine, KVM_EXIT_MMIO) < 0)
		return -1;
	if (run->mmio.phys_addr != KVM_MACHINE_DEVICE || run->mmio.len != 4 ||
	    !run->mmio.is_write != !write)
		return kvm_machine_fail(machine, "the access is described as size %u at 0x%llx",
					run->mmio.len, run->mmio.phys_addr);
	if (!write)
		memcpy(run->mmio.data, &(unsigned){ANSWERED}, sizeof(unsigned));
	memcpy(&got, run->mmio.data, sizeof(got));
	if (write && got != expected)
		return kvm_machine_fail(machine, "the guest wrote 0x%x, 0x%x arrived", expected,
					got);
	return 0;
}

int kvm_stage_device(struct kvm_machine *machine, const struct kvm_probe_request *request,
		     struct kvm_probe *probe)
{
	struct kvm_regs registers = {.rdi = KVM_MACHINE_DEVICE, .rax = SENT};

	(void)request;
	(void)probe;
	if (kvm_guest_start(machine, kvm_code_memory, &registers) < 0 ||
	    device_access(machine, true, SENT) < 0 || device_access(machine, false, 0) < 0 ||
	    device_access(machine, true, ANSWERED + 1) < 0)
		return -1;
	return kvm_machine_expect(machine, KVM_EXIT_HLT);
}

// Queues the interrupt when KVM can take it.
static int inject(struct kvm_machine *machine)
{
	struct kvm_interrupt interrupt = {.irq = KVM_GUEST_VECTOR};
	int failed = 0;

	if (!machine->run->ready_for_interrupt_injection) {
		machine->run->request_interrupt_window = 1;
		failed = kvm_machine_expect(machine, KVM_EXIT_IRQ_WINDOW_OPEN);
		machine->run->request_interrupt_window = 0;
	}
	if (failed)
		return -1;
	if (ioctl(machine->vcpu, KVM_INTERRUPT, &interrupt) < 0)
		return kvm_machine_fail_errno(machine, "KVM_INTERRUPT");
	return 0;
}

int kvm_stage_interrupt(struct kvm_machine *machine, const struct kvm_probe_request *request,
			struct kvm_probe *probe)
{
	unsigned long address = KVM_MACHINE_DATA + 64;
	struct kvm_regs registers = {.rdx = PORT, .rax = SENT, .rsi = address};
	unsigned long long runs = 0;

	(void)request;
	(void)probe;
	memcpy(machine->memory + address, &runs, sizeof(runs));
	if (kvm_guest_start(machine, kvm_code_interrupt, &registers) < 0 ||
	    port_access(machine, true, SENT) < 0 || inject(machine) < 0 ||
	    kvm_machine_expect(machine, KVM_EXIT_HLT) < 0)
		return -1;
	memcpy(&runs, machine->memory + address, sizeof(runs));
	if (runs != 1)
		return kvm_machine_fail(machine, "its handler ran %llu times instead of once",
					runs);
	return 0;
}

#endif
