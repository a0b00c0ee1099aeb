// SPDX-License-Identifier: GPL-3.0-or-later
// Values in XML by a path below an element: "source/host[2]/@name", "os/type", "@mode", ".". A step
// is a name, with [N] for the N-th child of that name (from 1) or [@a='v'] for the one whose
// attribute a is v; a last step @name is an attribute, anything else the text of the element.
#pragma once

#include <stdbool.h>

struct xml_element;

// The value, the caller's; NULL where there is none.
char *path_get(const struct xml_element *element, const char *path);

// Whether the element or attribute is there.
bool path_has(const struct xml_element *element, const char *path);

// Makes the elements that are missing on the way.
void path_set(struct xml_element *element, const char *path, const char *value);

// The element at PATH; NULL where there is none.
struct xml_element *path_find(const struct xml_element *element, const char *path);

// The element at PATH, made where it is missing.
struct xml_element *path_create(struct xml_element *element, const char *path);

// The child NAME whose ATTRIBUTE is VALUE, made where it is missing. VALUE may be anything, as no
// text from users or other machines may stand in a path.
struct xml_element *path_create_with(struct xml_element *element, const char *name,
				     const char *attribute, const char *value);

// Removes the element or attribute, if it is there.
void path_remove(struct xml_element *element, const char *path);

// Removes all elements that PATH may mean: its last step counts for each of that name.
void path_remove_all(struct xml_element *element, const char *path);

// Takes the text or the attribute away and keeps the rest; elements that are empty then go too, up
// to but not including ELEMENT.
void path_clear(struct xml_element *element, const char *path);
