// SPDX-License-Identifier: GPL-3.0-or-later
// Whose the new files are.
#pragma once

struct call;

// Warns where PATH, which was just made, belongs to somebody else: with --force a new file has the
// owner of the one that it replaces.
void ownership_tell(struct call *call, const char *path);
