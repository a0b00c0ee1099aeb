// SPDX-License-Identifier: GPL-3.0-or-later
// What the API of KVM calls its capabilities.
#pragma once

enum { KVM_CAPABILITIES = 256 }; // numbers that the probe asks for

// KVM_CAP_USER_MEMORY is "user_memory"; NULL for a number that is not known here.
const char *kvm_capability_name(unsigned number);
