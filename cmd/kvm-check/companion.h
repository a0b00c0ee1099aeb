// SPDX-License-Identifier: GPL-3.0-or-later
// The programs that this one runs, as root too.
#pragma once

// Where a program is: beside this one, or in the system's directories, never by the caller's PATH.
// The caller's; NULL for nowhere.
char *companion_find(const char *name);
