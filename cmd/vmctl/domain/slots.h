// SPDX-License-Identifier: GPL-3.0-or-later
// Places for PCI devices in a guest that runs.
#pragma once

struct call;
struct error;

// Where an attach failed with ERR because all places are taken, the hint becomes the same command
// for the next boot, when libvirt makes more of them. Returns -1.
int slots_hint(struct call *call, struct error *err);
