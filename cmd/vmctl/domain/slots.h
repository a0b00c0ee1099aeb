// SPDX-License-Identifier: GPL-3.0-or-later
// Places for PCI devices in a guest that runs.
#pragma once

struct call;
struct error;

// Where the attach of DEVICE, in XML, failed with ERR because no place for it is free, the hint
// says so and becomes the commands that bring it at the next boot, with the device or without.
// Returns -1.
int slots_hint(struct call *call, const char *device, struct error *err);
