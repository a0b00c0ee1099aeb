// SPDX-License-Identifier: GPL-3.0-or-later
// Options that turn a guest that exists into another kind of machine. They are about the guest as a
// whole, and what they change stands in its XML alone; the host is known.
#pragma once

#include "guest/option.h"

extern const struct guest_option convert_q35_option; // --convert-to-q35
extern const struct guest_option convert_vnc_option; // --convert-to-vnc
extern const struct guest_option machine_option;     // --machine TYPE, or auto
