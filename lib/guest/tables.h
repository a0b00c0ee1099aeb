// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of sub-options, each beside its functions in a file of its own.
#pragma once

#include "guest/suboption.h"

extern const struct suboption_table disk_table;
extern const struct suboption_table network_table;
extern const struct suboption_table graphics_table;
extern const struct suboption_table serial_table;
extern const struct suboption_table console_table;
extern const struct suboption_table memory_table;
extern const struct suboption_table vcpus_table;
extern const struct suboption_table cpu_table;
extern const struct suboption_table boot_table;
