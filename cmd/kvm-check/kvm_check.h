// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check without its main(), so that tests can walk its tables.
#pragma once

#include "cli/command.h"

extern const struct program kvm_check_program;
