// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/document.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "xml/layout.h"
#include "xml/namespace.h"

struct xml {
	xmlDocPtr document;
};

static const xmlNode *node(const struct xml_element *element)
{
	return (const xmlNode *)element;
}

static struct xml_element *element_of(const xmlNode *found)
{
	return (struct xml_element *)found;
}

static struct xml *wrap_document(xmlDocPtr document)
{
	struct xml *xml = memory_new(1, sizeof(*xml));

	xml->document = document;
	return xml;
}

static int parse_error(xmlParserCtxtPtr parser, const char *what, struct error *err)
{
	const xmlError *error = xmlCtxtGetLastError(parser);

	if (!error || !error->message)
		return error_set(err, STATUS_FAILED, "%s is not well-formed XML", what);
	text_strip(error->message);
	return error_set(err, STATUS_FAILED, "%s is not well-formed XML: line %d: %s", what,
			 error->line, error->message);
}

static struct xml *parse(const char *text, const char *what, int options, struct error *err)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	xmlDocPtr document = xmlCtxtReadMemory(parser, text, (int)strlen(text), NULL, NULL,
					       XML_PARSE_NONET | XML_PARSE_NOERROR |
						       XML_PARSE_NOWARNING | options);

	if (!document || !xmlDocGetRootElement(document)) {
		parse_error(parser, what, err);
		xmlFreeDoc(document);
		xmlFreeParserCtxt(parser);
		return NULL;
	}
	xmlFreeParserCtxt(parser);
	return wrap_document(document);
}

struct xml *xml_parse(const char *text, const char *what, struct error *err)
{
	return parse(text, what, XML_PARSE_NOBLANKS, err);
}

struct xml *xml_parse_verbatim(const char *text, const char *what, struct error *err)
{
	return parse(text, what, 0, err);
}

struct xml *xml_parse_laid_out(const char *text, const char *what, struct error *err)
{
	static const char laid_out;
	struct xml *xml = parse(text, what, 0, err);

	if (xml)
		xml->document->_private = (void *)&laid_out;
	return xml;
}

struct xml *xml_new(const char *root)
{
	xmlDocPtr document = xmlNewDoc(BAD_CAST "1.0");

	xmlDocSetRootElement(document, xmlNewNode(NULL, BAD_CAST root));
	return wrap_document(document);
}

struct xml *xml_copy(const struct xml *xml)
{
	struct xml *copy = wrap_document(xmlCopyDoc(xml->document, 1));

	copy->document->_private = xml->document->_private;
	return copy;
}

void xml_free(struct xml *xml)
{
	if (!xml)
		return;
	xmlFreeDoc(xml->document);
	free(xml);
}

void xml_cleanup(struct xml **xml)
{
	xml_free(*xml);
}

static char *dump(xmlDocPtr document, const xmlNode *found)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	char *text;

	xmlNodeDump(buffer, document, (xmlNodePtr)found, 0, 1);
	text = text_copy((const char *)xmlBufferContent(buffer));
	xmlBufferFree(buffer);
	return text;
}

char *xml_element_string(const struct xml_element *element)
{
	struct text text = {0};
	char *dumped = dump(node(element)->doc, node(element));

	text_append_format(&text, "%s\n", dumped);
	free(dumped);
	return text_take(&text);
}

char *xml_string(const struct xml *xml)
{
	return xml_element_string(xml_root(xml));
}

struct xml_element *xml_root(const struct xml *xml)
{
	return element_of(xmlDocGetRootElement(xml->document));
}

const char *xml_name(const struct xml_element *element)
{
	return (const char *)node(element)->name;
}

struct xml_element *xml_parent(struct xml_element *element)
{
	const xmlNode *parent = node(element)->parent;

	return parent && parent->type == XML_ELEMENT_NODE ? element_of(parent) : NULL;
}

// Whether NODE is called NAME, which has a prefix where the node is in a namespace.
static bool is_called(const xmlNode *node, const char *name)
{
	const char *prefix = node->ns ? (const char *)node->ns->prefix : NULL;
	size_t length = prefix ? strlen(prefix) : 0;

	if (!prefix)
		return text_equal((const char *)node->name, name);
	return strncmp(name, prefix, length) == 0 && name[length] == ':' &&
	       text_equal((const char *)node->name, name + length + 1);
}

static struct xml_element *first_from(const xmlNode *start, const char *name)
{
	for (const xmlNode *n = start; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && (!name || is_called(n, name)))
			return element_of(n);
	return NULL;
}

struct xml_element *xml_child(const struct xml_element *parent, const char *name)
{
	return parent ? first_from(node(parent)->children, name) : NULL;
}

struct xml_element *xml_next(const struct xml_element *element, const char *name)
{
	return first_from(node(element)->next, name);
}

static void ignore_error(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

// The nodes of SET as children of a new <nodes>. An attribute becomes one of the new element.
static char *wrapped(xmlNodeSetPtr set)
{
	struct xml *xml = xml_new("nodes");
	xmlNodePtr root = xmlDocGetRootElement(xml->document);
	struct text text = {0};
	char *dumped;

	for (int i = 0; set && i < set->nodeNr; i++) {
		xmlNodePtr copy = xmlDocCopyNode(set->nodeTab[i], xml->document, 1);

		if (copy && !xmlAddChild(root, copy))
			xmlFreeNode(copy);
	}
	dumped = dump(xml->document, root);
	text_append(&text, dumped);
	free(dumped);
	xml_free(xml);
	return text_take(&text);
}

int xml_select(const struct xml *xml, const char *xpath, bool wrap, struct list *found,
	       struct error *err)
{
	xmlXPathContextPtr context = xmlXPathNewContext(xml->document);
	xmlXPathObjectPtr result;
	int failed = 0;

	context->error = ignore_error;
	result = xmlXPathEval(BAD_CAST xpath, context);
	if (!result || result->type != XPATH_NODESET) {
		failed = error_set(err, result ? STATUS_FAILED : STATUS_USAGE,
				   result ? "the XPath '%s' selects a value, not nodes"
					  : "'%s' is not an XPath",
				   xpath);
	} else if (wrap) {
		list_add_owned(found, wrapped(result->nodesetval));
	} else {
		for (int i = 0; result->nodesetval && i < result->nodesetval->nodeNr; i++)
			if (result->nodesetval->nodeTab[i]->type != XML_NAMESPACE_DECL)
				list_add_owned(found,
					       dump(xml->document, result->nodesetval->nodeTab[i]));
	}
	xmlXPathFreeObject(result);
	xmlXPathFreeContext(context);
	return failed;
}

struct xml_element *xml_append(struct xml_element *parent, const char *name)
{
	xmlNodePtr within = (xmlNodePtr)node(parent);
	xmlNodePtr made =
		xmlAddChild(within, xmlNewDocNode(within->doc, NULL, BAD_CAST name, NULL));
	const char *colon = strchr(name, ':');
	char *prefix = colon ? text_copy_bytes(name, (size_t)(colon - name)) : NULL;

	if (prefix && namespace_set(made, prefix))
		xmlNodeSetName(made, BAD_CAST(colon + 1));
	free(prefix);
	layout_place(element_of(made));
	return element_of(made);
}

void xml_rename(struct xml_element *element, const char *name)
{
	xmlNodeSetName((xmlNodePtr)node(element), BAD_CAST name);
}

struct xml_element *xml_insert_before(struct xml_element *sibling, const char *name)
{
	xmlNodePtr there = (xmlNodePtr)node(sibling);
	xmlNodePtr inserted = xmlAddPrevSibling(there, xmlNewNode(NULL, BAD_CAST name));

	if (inserted->prev && inserted->prev->type == XML_TEXT_NODE)
		xmlAddPrevSibling(there, xmlCopyNode(inserted->prev, 1));
	return element_of(inserted);
}

void xml_remove(struct xml_element *element)
{
	struct xml_element *parent = xml_parent(element);

	layout_lift(element);
	xmlUnlinkNode((xmlNodePtr)node(element));
	xmlFreeNode((xmlNodePtr)node(element));
	if (parent)
		layout_close(parent);
}

void xml_move(struct xml_element *element, struct xml_element *parent)
{
	layout_lift(element);
	xmlUnlinkNode((xmlNodePtr)node(element));
	xmlAddChild((xmlNodePtr)node(parent), (xmlNodePtr)node(element));
	layout_place(element);
}

void xml_move_before(struct xml_element *element, struct xml_element *sibling)
{
	layout_lift(element);
	xmlAddPrevSibling((xmlNodePtr)node(sibling), (xmlNodePtr)node(element));
	layout_place(element);
}

void xml_move_behind(struct xml_element *element, struct xml_element *sibling)
{
	layout_lift(element);
	xmlAddNextSibling((xmlNodePtr)node(sibling), (xmlNodePtr)node(element));
	layout_place(element);
}

void xml_clear(struct xml_element *element)
{
	xmlNodePtr cleared = (xmlNodePtr)node(element);

	xmlNodeSetContent(cleared, NULL);
	while (cleared->properties)
		xmlRemoveProp(cleared->properties);
}

bool xml_is_empty(const struct xml_element *element)
{
	const xmlNode *tested = node(element);

	if (tested->properties || tested->nsDef)
		return false;
	for (const xmlNode *n = tested->children; n; n = n->next)
		if (!xmlIsBlankNode(n))
			return false;
	return true;
}
