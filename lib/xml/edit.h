// SPDX-License-Identifier: GPL-3.0-or-later
// Direct edits of XML that people name by XPath, below an element: "./devices/graphics[1]/@port",
// "/domain/@foo", "./os/boot".
#pragma once

#include <stddef.h>

struct error;
struct xml_element;

// Sets what XPATH selects, which is made where it is missing as far as it is a plain path. An empty
// value takes it away.
int edit_set(struct xml_element *element, const char *xpath, const char *value, struct error *err);

// Makes an element that is not there yet.
int edit_create(struct xml_element *element, const char *xpath, struct error *err);

// Removes all that XPATH selects.
int edit_delete(struct xml_element *element, const char *xpath, struct error *err);

// The length of the XPath in "XPATH=VALUE": up to the first `=` outside brackets.
size_t edit_path_length(const char *assignment);
