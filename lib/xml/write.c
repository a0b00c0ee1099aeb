// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/write.h"

#include <libxml/tree.h>
#include <string.h>

#include "base/text.h"

static void append_attributes(struct text *text, const xmlNode *node)
{
	for (const xmlAttr *a = node->properties; a; a = a->next) {
		xmlChar *value = xmlNodeGetContent((const xmlNode *)a);

		text_append_format(text, " %s='", (const char *)a->name);
		text_append_xml(text, (const char *)value);
		text_append(text, "'");
		xmlFree(value);
	}
}

static void append_node(struct text *text, const xmlNode *node, int level)
{
	const char *name = (const char *)node->name;
	bool elements = false;

	text_append_format(text, "%*s<%s", level * 2, "", name);
	append_attributes(text, node);
	for (const xmlNode *child = node->children; child; child = child->next)
		elements = elements || child->type == XML_ELEMENT_NODE;
	if (elements) {
		text_append(text, ">\n");
		for (const xmlNode *child = node->children; child; child = child->next)
			if (child->type == XML_ELEMENT_NODE)
				append_node(text, child, level + 1);
		text_append_format(text, "%*s</%s>\n", level * 2, "", name);
	} else if (node->children) {
		xmlChar *content = xmlNodeGetContent(node);

		text_append(text, ">");
		text_append_xml(text, (const char *)content);
		text_append_format(text, "</%s>\n", name);
		xmlFree(content);
	} else {
		text_append(text, "/>\n");
	}
}

char *write_element(const struct xml_element *element)
{
	struct text text = {0};

	append_node(&text, (const xmlNode *)element, 0);
	return text_take(&text);
}
