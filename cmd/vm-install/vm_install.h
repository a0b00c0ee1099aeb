// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

extern const struct program vm_install_program;
