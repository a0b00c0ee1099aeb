// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_machine.h"

#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int kvm_machine_fail(struct kvm_machine *machine, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(machine->detail, sizeof(machine->detail), format, list);
	va_end(list);
	return -1;
}

int kvm_machine_fail_errno(struct kvm_machine *machine, const char *call)
{
	return kvm_machine_fail(machine, "%s: %s", call, strerror(errno));
}

int kvm_machine_create_vm(struct kvm_machine *machine)
{
	machine->vm = ioctl(machine->device, KVM_CREATE_VM, 0);
	if (machine->vm < 0)
		return kvm_machine_fail_errno(machine, "KVM_CREATE_VM");
#if defined(__x86_64__)
	// Intel processors need these pages below 4 GiB where the guest has no memory; others do
	// not know the calls.
	ioctl(machine->vm, KVM_SET_IDENTITY_MAP_ADDR, &(unsigned long long){0xfffbc000});
	ioctl(machine->vm, KVM_SET_TSS_ADDR, 0xfffbd000UL);
#endif
	return 0;
}

// Gives the guest SIZE bytes at physical ADDRESS.
static int add_slot(struct kvm_machine *machine, unsigned slot, unsigned long address,
		    unsigned long size, unsigned char **memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = slot ? KVM_MEM_LOG_DIRTY_PAGES : 0,
		.guest_phys_addr = address,
		.memory_size = size,
	};
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return kvm_machine_fail_errno(machine, "mmap of the guest's memory");
	*memory = pages;
	region.userspace_addr = (unsigned long)pages;
	if (ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return kvm_machine_fail_errno(machine, "KVM_SET_USER_MEMORY_REGION");
	return 0;
}

int kvm_machine_add_memory(struct kvm_machine *machine)
{
	if (add_slot(machine, 0, 0, KVM_MACHINE_MEMORY, &machine->memory) < 0)
		return -1;
	return add_slot(machine, 1, KVM_MACHINE_LOG, KVM_MACHINE_LOG_SIZE, &machine->log);
}

int kvm_machine_create_vcpu(struct kvm_machine *machine)
{
	int size = ioctl(machine->device, KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run;

	if (size < 0)
		return kvm_machine_fail_errno(machine, "KVM_GET_VCPU_MMAP_SIZE");
	if ((size_t)size < sizeof(struct kvm_run) || size > 1 << 24)
		return kvm_machine_fail(machine, "KVM_GET_VCPU_MMAP_SIZE gave %d bytes", size);
	machine->vcpu = ioctl(machine->vm, KVM_CREATE_VCPU, 0);
	if (machine->vcpu < 0)
		return kvm_machine_fail_errno(machine, "KVM_CREATE_VCPU");
	run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, machine->vcpu, 0);
	if (run == MAP_FAILED)
		return kvm_machine_fail_errno(machine, "mmap of the vCPU");
	machine->run = run;
	machine->run_size = (size_t)size;
	return 0;
}

void kvm_machine_close(struct kvm_machine *machine)
{
	if (machine->run)
		munmap(machine->run, machine->run_size);
	if (machine->memory)
		munmap(machine->memory, KVM_MACHINE_MEMORY);
	if (machine->log)
		munmap(machine->log, KVM_MACHINE_LOG_SIZE);
	if (machine->vcpu >= 0)
		close(machine->vcpu);
	if (machine->vm >= 0)
		close(machine->vm);
	machine->run = NULL;
	machine->memory = machine->log = NULL;
	machine->vcpu = machine->vm = -1;
}

static void ignore(int signal)
{
	(void)signal;
}

void kvm_machine_timer(bool on)
{
	// Without SA_RESTART, and again and again: a signal that comes just before KVM_RUN is lost.
	struct sigaction action = {.sa_handler = ignore};
	struct timeval period = {.tv_usec = on ? 5000 : 0};
	struct itimerval timer = {.it_interval = period, .it_value = period};
	sigset_t alarm_only;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigaction(SIGALRM, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

long long kvm_machine_processor(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * 1000000000LL + used.tv_nsec;
}

void kvm_machine_allow(struct kvm_machine *machine, long long nanoseconds)
{
	machine->deadline = clock_nanoseconds() + nanoseconds;
	machine->processor = kvm_machine_processor() + nanoseconds / 2;
}

// On a busy host the deadline may have come before the guest had a chance.
static bool has_had_its_time(const struct kvm_machine *machine)
{
	enum { PATIENCE = 500000000 }; // nanoseconds
	long long late = clock_nanoseconds() - machine->deadline;

	return late >= PATIENCE || (late >= 0 && kvm_machine_processor() >= machine->processor);
}

int kvm_machine_run(struct kvm_machine *machine)
{
	machine->timed_out = false;
	while (ioctl(machine->vcpu, KVM_RUN, 0) < 0) {
		if (errno != EINTR && errno != EAGAIN)
			return kvm_machine_fail_errno(machine, "KVM_RUN");
		if (has_had_its_time(machine)) {
			machine->timed_out = true;
			return kvm_machine_fail(machine,
						"the guest did not come to an end in time");
		}
	}
	return (int)machine->run->exit_reason;
}

int kvm_machine_expect(struct kvm_machine *machine, int reason)
{
	int got = kvm_machine_run(machine);

	if (got < 0)
		return -1;
	if (got == reason)
		return 0;
	if (got == KVM_EXIT_FAIL_ENTRY)
		return kvm_machine_fail(
			machine,
			"the processor refused to enter the guest (hardware reason 0x%llx)",
			machine->run->fail_entry.hardware_entry_failure_reason);
	if (got == KVM_EXIT_INTERNAL_ERROR)
		return kvm_machine_fail(machine, "KVM gave up on the guest (internal error %u%s)",
					machine->run->internal.suberror,
					machine->run->internal.suberror ==
							KVM_INTERNAL_ERROR_EMULATION
						? ": it cannot emulate the instruction"
						: "");
	return kvm_machine_fail(machine, "the guest's exit was %s instead of %s",
				kvm_machine_exit_name(got), kvm_machine_exit_name(reason));
}

const char *kvm_machine_exit_name(int reason)
{
	static const char *const names[] = {
		[KVM_EXIT_UNKNOWN] = "unknown",
		[KVM_EXIT_EXCEPTION] = "exception",
		[KVM_EXIT_IO] = "port access",
		[KVM_EXIT_HYPERCALL] = "hypercall",
		[KVM_EXIT_DEBUG] = "debug",
		[KVM_EXIT_HLT] = "halt",
		[KVM_EXIT_MMIO] = "memory-mapped access",
		[KVM_EXIT_IRQ_WINDOW_OPEN] = "ready for an interrupt",
		[KVM_EXIT_SHUTDOWN] = "triple fault",
		[KVM_EXIT_FAIL_ENTRY] = "failed entry",
		[KVM_EXIT_INTR] = "signal",
		[KVM_EXIT_INTERNAL_ERROR] = "internal error",
	};
	size_t count = sizeof(names) / sizeof(*names);

	return reason >= 0 && (size_t)reason < count && names[reason] ? names[reason]
								      : "unheard of";
}
