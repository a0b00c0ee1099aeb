// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses KVM now.
#pragma once

#include "base/list.h"

struct host;

// The processes of this machine that have /dev/kvm or a VM open, as people know them: "guest web
// (process 1234)" for QEMU's, "qemu-system-x86 (process 1234)" where it does not name its guest.
// Only root sees those of others. None for a recorded machine.
struct list kvm_user_find(const struct host *host);
