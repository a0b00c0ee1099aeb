// SPDX-License-Identifier: GPL-3.0-or-later
// The names of keys.
#pragma once

#include <stdbool.h>

// Ways of numbering keys; ends with NULL. Only some of them have names for keys.
extern const char *const keycode_sets[];

// The number to *CODE; false where the set has no such name.
bool keycode_find(unsigned set, const char *name, unsigned *code);

// The name number INDEX of the set, from 0; NULL behind the last one.
const char *keycode_name(unsigned set, unsigned index);
