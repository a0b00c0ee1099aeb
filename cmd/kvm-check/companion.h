// SPDX-License-Identifier: GPL-3.0-or-later
// The other programs of vmkit.
#pragma once

// Where a program is: beside this one, or in PATH; the caller's, NULL for nowhere.
char *companion_find(const char *name);
