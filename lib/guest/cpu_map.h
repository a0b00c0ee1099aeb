// SPDX-License-Identifier: GPL-3.0-or-later
// What libvirt's own list of CPU models says (/usr/share/libvirt/cpu_map).
#pragma once

#include <stdbool.h>

// Whether an x86 CPU model has the feature. Where the list is not installed the model's name tells.
bool cpu_map_has(const char *model, const char *feature);
