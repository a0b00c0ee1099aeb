// SPDX-License-Identifier: GPL-3.0-or-later
// Where the switch is: in the firmware of known boards, at known clouds and hypervisors.
#pragma once

#include <stdbool.h>

struct platform;

// How NAME ("VT-x", "AMD-V", or both) is switched on in the firmware of this board; the caller's.
char *advice_firmware(const struct platform *platform, const char *name);

// How a guest of this hypervisor or cloud gets what its own guests need, on x86 or another
// architecture; lent.
const char *advice_nested(const struct platform *platform, bool x86);
