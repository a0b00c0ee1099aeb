// SPDX-License-Identifier: GPL-3.0-or-later
// What the probe has measured, for people.
#pragma once

#include "kvm/kvm_probe.h"

// What a stage found beyond having passed, the caller's; NULL where that is all.
char *kvm_figure(const struct kvm_probe *probe, enum kvm_stage stage);

// The capabilities of the API by name, "nr_memslots=32764" where they are more than there; the
// caller's.
char *kvm_figure_capabilities(const struct kvm_probe *probe);
