// SPDX-License-Identifier: GPL-3.0-or-later
// The program vm-img: its tables, for main() and the tests.
#pragma once

#include "cli/command.h"

extern const struct program vm_img_program;
