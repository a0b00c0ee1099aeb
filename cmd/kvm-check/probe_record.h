// SPDX-License-Identifier: GPL-3.0-or-later
// A probe's results as facts of a recorded machine.
#pragma once

#include <stdbool.h>

struct facts;
struct host;
struct kvm_probe;

// Notes them if HOST is being recorded.
void kvm_probe_record(const struct host *host, const struct kvm_probe *probe);

// Reads them back; false where there are none.
bool kvm_probe_recall(const struct facts *facts, struct kvm_probe *probe);
