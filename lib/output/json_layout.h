// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of JSON that others wrote, with every number and string as they wrote it.
#pragma once

#include <stdbool.h>

// JSON, which must be valid, anew: on one line without blanks, or indented as libvirt does it (an
// empty object is two lines). The caller's.
char *json_layout(const char *json, bool indented);

// The member KEY of the object that JSON, which must be valid, is: its text, the caller's. NULL
// where there is none.
char *json_member(const char *json, const char *key);
