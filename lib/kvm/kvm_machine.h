// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest virtual machine: what the probe's stages run their pieces of code on. It allocates
// nothing from the heap, since it lives in a forked child.
//
// The interface of /dev/kvm: Documentation/virt/kvm/api.rst of the Linux kernel.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct kvm_run;

enum { KVM_DETAIL = 200 }; // bytes of a sentence about what failed

struct kvm_machine {
	int device, vm, vcpu; // descriptors, -1 while not open
	struct kvm_run *run;
	size_t run_size;
	unsigned char *memory;   // the guest's, from physical address 0
	unsigned char *log;      // its pages that KVM keeps a log of
	long long deadline;      // of what runs, in nanoseconds of clock_nanoseconds()
	long long processor;     // and in those of kvm_machine_processor()
	bool timed_out;          // the guest was stopped at the deadline
	char detail[KVM_DETAIL]; // why the last step failed
};

// Physical addresses of the guest. Linear addresses are the same, and once more from
// KVM_MACHINE_ALIAS on.
enum {
	KVM_MACHINE_DATA = 0x9000, // from here to the end of the memory is for the stages
	KVM_MACHINE_MEMORY = 0x10000,
	KVM_MACHINE_LOG = 0x200000,
	KVM_MACHINE_LOG_SIZE = 0x10000,
	KVM_MACHINE_DEVICE = 0x10000000, // no memory there: an access is an exit
	KVM_MACHINE_ALIAS = 0x40000000,
};

// All give 0, or -1 with the detail set.
int kvm_machine_fail(struct kvm_machine *machine, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
// CALL is what set errno.
int kvm_machine_fail_errno(struct kvm_machine *machine, const char *call);

int kvm_machine_create_vm(struct kvm_machine *machine);
int kvm_machine_add_memory(struct kvm_machine *machine);
int kvm_machine_create_vcpu(struct kvm_machine *machine);
void kvm_machine_close(struct kvm_machine *machine);

// Nanoseconds for which this thread has had a processor, its guest's included.
long long kvm_machine_processor(void);

// From now on the guest may take NANOSECONDS: of time, and, since others may keep us from the
// processor, half of that on the processor before it counts as having had its time. Half a second
// more is the most.
void kvm_machine_allow(struct kvm_machine *machine, long long nanoseconds);

// Runs the guest until its next exit; gives the exit's reason, or -1, also when the deadline has
// come.
int kvm_machine_run(struct kvm_machine *machine);

// The same, and the exit must be for this reason.
int kvm_machine_expect(struct kvm_machine *machine, int reason);

// From now on, or no more: KVM_RUN returns now and then, so that kvm_machine_run() sees that the
// deadline has come. Other calls would fail with EINTR.
void kvm_machine_timer(bool on);

// What an exit's reason is called.
const char *kvm_machine_exit_name(int reason);
