// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict on KVM, remembered: the same kernel, modules and microcode give the same.
#pragma once

struct kvm_verdict;

// As kvm_verdict_get(), but what an earlier run of this user found out since the host was started
// counts. For what only plans; what starts guests had better look again.
void kvm_verdict_recall(struct kvm_verdict *verdict);
