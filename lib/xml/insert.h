// SPDX-License-Identifier: GPL-3.0-or-later
// New elements where libvirt's documentation, and libvirt itself, writes them; what is there
// already stays where it is.
#pragma once

struct xml_element;

// A new child of PARENT, behind its siblings that belong before it. Only a domain is known so well:
// elsewhere it comes last.
struct xml_element *xml_insert(struct xml_element *parent, const char *name);
// The same with all that ELEMENT, of another document, has.
struct xml_element *xml_insert_copy(struct xml_element *parent, const struct xml_element *element);
