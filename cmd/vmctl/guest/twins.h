// SPDX-License-Identifier: GPL-3.0-or-later
// Guests of one host that have the same address, of which one then cannot be reached.
#pragma once

#include <stddef.h>

struct addresses;
struct call;

// Warns of each other running guest that has one of the ADDRESSES of the call's guest, as far as
// leases and agents tell within two seconds.
void twins_warn(struct call *call, const struct addresses *addresses);

// The same among those of many that are asked: each keeps its own addresses, which then are held
// against those before it on its host (struct command's `compare`).
void twins_keep(struct call *call, const struct addresses *addresses);
void twins_compare(struct call *const *done, size_t count);
