// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of the probe: run in order by kvm_probe.c, in its child.
#pragma once

#include "kvm/kvm_probe.h"

enum kvm_stage_trait {
	KVM_STAGE_VITAL = 1, // nothing goes on if it fails
	KVM_STAGE_GUEST = 2, // runs guest code
	KVM_STAGE_FULL = 4,  // only in the full probe
};

struct kvm_stage_row {
	const char *key;
	const char *title;
	// Gives 0, -1 with the machine's detail set, or KVM_STAGE_SKIP with the detail set.
	int (*run)(struct kvm_machine *machine, const struct kvm_probe_request *request,
		   struct kvm_probe *probe);
	int milliseconds; // it may take
	unsigned traits;
};

enum { KVM_STAGE_SKIP = 1 };

extern const struct kvm_stage_row kvm_stage_rows[KVM_STAGES];

typedef int kvm_stage_run(struct kvm_machine *machine, const struct kvm_probe_request *request,
			  struct kvm_probe *probe);

// kvm_stage_guest.c: guest code and its exits.
kvm_stage_run kvm_stage_registers, kvm_stage_special, kvm_stage_msr, kvm_stage_paging;
kvm_stage_run kvm_stage_port, kvm_stage_device, kvm_stage_interrupt;

// kvm_stage_speed.c
kvm_stage_run kvm_stage_speed, kvm_stage_exits;

// kvm_stage_more.c
kvm_stage_run kvm_stage_capabilities;
kvm_stage_run kvm_stage_dirty_log, kvm_stage_slots, kvm_stage_vcpus, kvm_stage_vms;

// kvm_stage_nested.c
kvm_stage_run kvm_stage_nested;
