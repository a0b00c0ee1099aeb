// SPDX-License-Identifier: GPL-3.0-or-later
// Where programs keep what they know from one run to the next.
#pragma once

// The path of the file NAME in $XDG_STATE_HOME/vmkit (~/.local/state/vmkit), a directory that is
// made private if need be; the caller's. NULL without a home.
char *state_path(const char *name);
