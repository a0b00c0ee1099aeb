// SPDX-License-Identifier: GPL-3.0-or-later
// Whether guests of this host should use KVM, decided by running one for a moment.
#pragma once

#include <stdbool.h>

#include "kvm/kvm_probe.h"

enum kvm_verdict_kind {
	KVM_VERDICT_WORKS,
	KVM_VERDICT_INTERPRETS, // KVM is there but guests would take for ever
	KVM_VERDICT_BROKEN,     // some other thing that a guest needs does not work
	KVM_VERDICT_DENIED,     // the caller may not use /dev/kvm; others, such as libvirt, may
	KVM_VERDICT_ABSENT,     // there is no /dev/kvm
};

struct kvm_verdict {
	bool usable; // use KVM; else TCG, libvirt's domain type `qemu`
	enum kvm_verdict_kind kind;
	char *reason;    // a sentence without a full stop; freed by kvm_verdict_clear()
	double slowdown; // time of guest code against the host's, 0 where it was not measured
};

// Takes tens of milliseconds and never hangs: see kvm_probe.h.
void kvm_verdict_get(struct kvm_verdict *verdict);

// What a probe that has been run says.
void kvm_verdict_judge(const struct kvm_probe *probe, struct kvm_verdict *verdict);

// "works", "interprets", ...
const char *kvm_verdict_word(enum kvm_verdict_kind kind);

void kvm_verdict_clear(struct kvm_verdict *verdict);
#define auto_kvm_verdict __attribute__((cleanup(kvm_verdict_clear)))
