// SPDX-License-Identifier: GPL-3.0-or-later
// What KVM counts over all its VMs: exits by reason and more, from the kernel's debugfs.
#pragma once

#include <stddef.h>

#include "base/list.h"

struct error;
struct host;

struct kvm_statistics {
	struct list names; // "exits", "io_exits", ...
	long long *values; // as many
	size_t vms;        // that there are now
	long long taken;   // in nanoseconds of clock_nanoseconds()
};

// Reads them; fails where the kernel does not show them or not to the caller.
int kvm_statistics_read(struct kvm_statistics *statistics, const struct host *host,
			struct error *err);

// The value of this name, 0 where there is none.
long long kvm_statistics_value(const struct kvm_statistics *statistics, const char *name);

void kvm_statistics_clear(struct kvm_statistics *statistics);
#define auto_kvm_statistics __attribute__((cleanup(kvm_statistics_clear)))
