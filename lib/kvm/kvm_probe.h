// SPDX-License-Identifier: GPL-3.0-or-later
// Asks /dev/kvm for the truth: a small guest is made and really run. A CPU flag says that hardware
// could; a VM that can be created says little: only guest code that runs, correctly and at the
// speed of the host, says that guests will.
//
// The work is done in a child process that shares nothing but its results, each stage of it bounded
// in time: a /dev/kvm that hangs, lies or crashes costs a verdict and nothing else. Nothing is left
// behind, and the caller may have threads.
#pragma once

#include <stdbool.h>

#include "kvm/kvm_capability.h"
#include "kvm/kvm_machine.h"

// The character device that /dev/kvm is (linux/Documentation/admin-guide/devices.txt).
enum { KVM_MAJOR = 10, KVM_MINOR = 232 };

// In the order in which they run.
enum kvm_stage {
	KVM_STAGE_OPEN,
	KVM_STAGE_VERSION,
	KVM_STAGE_VM,
	KVM_STAGE_MEMORY,
	KVM_STAGE_VCPU,
	KVM_STAGE_REGISTERS,
	KVM_STAGE_SPECIAL,
	KVM_STAGE_MSR,
	KVM_STAGE_PAGING,
	KVM_STAGE_PORT,
	KVM_STAGE_DEVICE,
	KVM_STAGE_INTERRUPT,
	KVM_STAGE_SPEED,
	// These only with kvm_probe_request.full:
	KVM_STAGE_CAPABILITIES,
	KVM_STAGE_EXITS,
	KVM_STAGE_DIRTY_LOG,
	KVM_STAGE_NESTED,
	KVM_STAGE_SLOTS,
	KVM_STAGE_VCPUS,
	KVM_STAGE_VMS,
	KVM_STAGES,
};

enum kvm_outcome {
	KVM_SKIPPED, // not asked for, not possible on this processor, or a stage before it failed
	KVM_PASSED,
	KVM_FAILED,
	KVM_HUNG, // did not come back in time, or ended the child
};

struct kvm_result {
	enum kvm_outcome outcome;
	long long nanoseconds;   // that it took
	char detail[KVM_DETAIL]; // why it failed or was skipped, or what it found
};

struct kvm_probe_request {
	const char *device; // NULL for /dev/kvm
	bool full;
	unsigned exits;      // to measure, 0 for a few
	unsigned vcpus, vms; // to create, 0 for one
};

// Plain data, so that the child can leave it in shared memory.
struct kvm_probe {
	enum kvm_stage stage; // that was begun last
	struct kvm_result results[KVM_STAGES];
	int open_error; // errno of opening the device, 0 if it opened
	int version;    // of the API
	// Nanoseconds an instruction took, at best; 0 where it was not measured.
	double host_speed, guest_speed;
	bool guest_unfinished; // the counted loop was stopped: it would have taken far too long
	// Nanoseconds from the guest to us and back.
	unsigned exits;
	long long exit_least, exit_median, exit_most; // the most of 99 in 100
	unsigned slots, vcpus, vms;
	int capabilities[KVM_CAPABILITIES]; // what KVM_CHECK_EXTENSION gives, 0 for no
};

// The device of the running host. Never fails: what fails is a result.
void kvm_probe_run(const struct kvm_probe_request *request, struct kvm_probe *probe);

// The first stage that failed or hung, KVM_STAGES if none did.
enum kvm_stage kvm_probe_failed(const struct kvm_probe *probe);

// What the stage is about, for people ("memory-mapped access").
const char *kvm_probe_title(enum kvm_stage stage);
// The same as a key, for JSON.
const char *kvm_probe_key(enum kvm_stage stage);
