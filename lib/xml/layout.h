// SPDX-License-Identifier: GPL-3.0-or-later
// White space around elements that come and go, in documents that keep theirs: what is new stands
// on a line of its own, what goes takes its line along. In other documents nothing is done.
#pragma once

struct xml;
struct xml_element;

// ELEMENT is where it belongs now.
void layout_place(struct xml_element *element);

// ELEMENT is about to leave its place.
void layout_lift(struct xml_element *element);

// ELEMENT has lost a child: the white space of its children goes with the last of them.
void layout_close(struct xml_element *element);
