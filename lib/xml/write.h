// SPDX-License-Identifier: GPL-3.0-or-later
// XML as libvirt and its tools write it themselves: two blanks a level, values in single quotes.
#pragma once

struct xml_element;

// ELEMENT and all in it, each element on a line; the caller's. Text beside elements is left out.
char *write_element(const struct xml_element *element);
