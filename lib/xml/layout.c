// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/layout.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "xml/document.h"

static bool is_blank(const xmlNode *node)
{
	return node && node->type == XML_TEXT_NODE && xmlIsBlankNode(node);
}

static bool is_text(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
	       node->type == XML_ENTITY_REF_NODE;
}

// What stands before NODE on its line, and the line's beginning; the caller's. NULL where it shares
// its line.
static char *indentation(const xmlNode *node)
{
	const char *space = is_blank(node->prev) ? (const char *)node->prev->content : NULL;
	const char *line = space ? strrchr(space, '\n') : NULL;

	if (line)
		return text_copy(line);
	// The root begins a line whatever stands before it.
	return node->parent && node->parent->type == XML_DOCUMENT_NODE ? text_copy("\n") : NULL;
}

// How children of PARENT begin their lines, as one that is not OTHER does, or two blanks deeper
// than PARENT itself. NULL where they have no lines of their own.
static char *indentation_within(const xmlNode *parent, const xmlNode *other)
{
	bool any = false;
	char *own, *deeper;

	for (const xmlNode *n = parent->children; n; n = n->next) {
		if (n == other || is_blank(n))
			continue;
		if (is_text(n))
			return NULL;
		own = indentation(n);
		if (own)
			return own;
		any = true;
	}
	// In front of the only other one it has taken that one's line.
	if (any && other->next && (own = indentation(other)))
		return own;
	own = any ? NULL : indentation(parent);
	deeper = own ? text_format("%s  ", own) : NULL;
	free(own);
	return deeper;
}

void layout_place(struct xml_element *element)
{
	xmlNodePtr node = (xmlNodePtr)element;
	auto_free char *indent = NULL, *outer = NULL;

	if (!node->doc->_private)
		return;
	indent = indentation_within(node->parent, node);
	outer = indentation(node->parent);
	if (!indent)
		return;
	// Behind the last one stood the line that ends the parent.
	if (is_blank(node->prev) && !node->next)
		xmlNodeSetContent(node->prev, BAD_CAST indent);
	else if (!is_blank(node->prev))
		xmlAddPrevSibling(node, xmlNewDocText(node->doc, BAD_CAST indent));
	if (!is_blank(node->next))
		xmlAddNextSibling(node, xmlNewDocText(node->doc, BAD_CAST(node->next ? indent
									  : outer    ? outer
										     : "")));
}

void layout_lift(struct xml_element *element)
{
	xmlNodePtr space = ((xmlNodePtr)element)->prev;

	if (!((xmlNodePtr)element)->doc->_private || !is_blank(space))
		return;
	xmlUnlinkNode(space);
	xmlFreeNode(space);
}

void layout_close(struct xml_element *element)
{
	xmlNodePtr parent = (xmlNodePtr)element;

	if (!parent->doc->_private)
		return;
	for (const xmlNode *n = parent->children; n; n = n->next)
		if (!is_blank(n))
			return;
	xmlNodeSetContent(parent, NULL);
}
