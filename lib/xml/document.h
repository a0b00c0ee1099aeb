// SPDX-License-Identifier: GPL-3.0-or-later
// XML documents: parsed without network or entities, walked, queried, written.
#pragma once

#include <stdbool.h>

struct error;
struct list;
struct xml;         // a document
struct xml_element; // an element of one, lent by it

// WHAT names the document in messages ("domain XML", a file's name). NULL when it is not
// well-formed.
struct xml *xml_parse(const char *text, const char *what, struct error *err);
// The same with the white space between elements, so that it is written as it was.
struct xml *xml_parse_verbatim(const char *text, const char *what, struct error *err);
// The same, and what is put in later stands on lines of its own, as its neighbours do.
struct xml *xml_parse_laid_out(const char *text, const char *what, struct error *err);
struct xml *xml_new(const char *root);
struct xml *xml_copy(const struct xml *xml);
void xml_free(struct xml *xml);
void xml_cleanup(struct xml **xml);
#define auto_xml __attribute__((cleanup(xml_cleanup)))

// Indented text, ending in a newline, the caller's.
char *xml_string(const struct xml *xml);
char *xml_element_string(const struct xml_element *element);

struct xml_element *xml_root(const struct xml *xml);
const char *xml_name(const struct xml_element *element);
struct xml_element *xml_parent(struct xml_element *element);

// The first child element, and the next sibling, of this name (with its prefix, where it is in a
// namespace that has one); any element where NAME is NULL.
struct xml_element *xml_child(const struct xml_element *parent, const char *name);
struct xml_element *xml_next(const struct xml_element *element, const char *name);

// Adds what an XPath expression selects, each node as text. With WRAP it is one document with the
// root <nodes>. An expression that cannot be read
// is STATUS_USAGE; one that gives a value instead of nodes fails too.
int xml_select(const struct xml *xml, const char *xpath, bool wrap, struct list *found,
	       struct error *err);

// A new last child. NAME may have a prefix ("qemu:arg"), whose namespace is declared if need be.
struct xml_element *xml_append(struct xml_element *parent, const char *name);
// A new element before SIBLING, on a line of its own where that one is.
struct xml_element *xml_insert_before(struct xml_element *sibling, const char *name);
void xml_rename(struct xml_element *element, const char *name);
void xml_remove(struct xml_element *element);
// Puts the element behind the other children of PARENT, of the same document.
void xml_move(struct xml_element *element, struct xml_element *parent);
// Moves it in front of a sibling.
void xml_move_before(struct xml_element *element, struct xml_element *sibling);
void xml_move_behind(struct xml_element *element, struct xml_element *sibling);
// Takes away its attributes and all that is in it.
void xml_clear(struct xml_element *element);
// Whether it has neither attributes nor content.
bool xml_is_empty(const struct xml_element *element);
