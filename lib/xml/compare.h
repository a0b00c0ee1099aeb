// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdbool.h>

struct xml_element;

// Whether ELEMENT has all that PART says: its attributes, its text, its children, whatever else it
// has. Case does not count, as in MAC addresses.
bool compare_contains(const struct xml_element *element, const struct xml_element *part);
