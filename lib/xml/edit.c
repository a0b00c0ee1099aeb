// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/edit.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

static void ignore_error(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

static void declare_namespaces(xmlXPathContextPtr context, xmlNodePtr node)
{
	xmlNsPtr *all = xmlGetNsList(node->doc, node);

	for (size_t i = 0; all && all[i]; i++)
		if (all[i]->prefix)
			xmlXPathRegisterNs(context, all[i]->prefix, all[i]->href);
	xmlFree(all);
}

// What XPATH selects from ELEMENT; NULL where it cannot be read or selects no nodes but a value.
static xmlXPathObjectPtr selected(struct xml_element *element, const char *xpath)
{
	xmlNodePtr node = (xmlNodePtr)element;
	xmlXPathContextPtr context = xmlXPathNewContext(node->doc);
	xmlXPathObjectPtr result;

	context->error = ignore_error;
	context->node = node;
	declare_namespaces(context, node);
	result = xmlXPathEval(BAD_CAST xpath, context);
	xmlXPathFreeContext(context);
	if (result && result->type == XPATH_NODESET)
		return result;
	xmlXPathFreeObject(result);
	return NULL;
}

// XPATH as a path of xml/path.h below ELEMENT; NULL where it is more than a plain path.
static const char *plain_path(struct xml_element *element, const char *xpath)
{
	const char *name = xml_name(element);
	size_t length = strlen(name);

	if (text_begins(xpath, "./"))
		xpath += 2;
	else if (*xpath == '/' && strncmp(xpath + 1, name, length) == 0 && xpath[length + 1] == '/')
		xpath += length + 2;
	if (!*xpath || strchr("/.", *xpath) || strstr(xpath, "//") || strpbrk(xpath, "(|* "))
		return NULL;
	return xpath;
}

static int no_path(const char *xpath, struct error *err)
{
	return error_set(err, STATUS_USAGE, "%s xmlXPathEval: no path below the guest's XML",
			 xpath);
}

static void set_nodes(const xmlNodeSet *set, const char *value)
{
	for (int i = 0; i < set->nodeNr; i++) {
		xmlNodePtr node = set->nodeTab[i];

		if (node->type == XML_ATTRIBUTE_NODE && *value)
			xmlSetNsProp(node->parent, node->ns, node->name, BAD_CAST value);
		else if (node->type == XML_ATTRIBUTE_NODE)
			xmlRemoveProp((xmlAttrPtr)node);
		else if (node->type == XML_ELEMENT_NODE && *value)
			path_set((struct xml_element *)node, ".", value);
		else if (node->type == XML_ELEMENT_NODE)
			path_clear((struct xml_element *)node, ".");
	}
}

int edit_set(struct xml_element *element, const char *xpath, const char *value, struct error *err)
{
	xmlXPathObjectPtr found = selected(element, xpath);
	bool any = found && found->nodesetval && found->nodesetval->nodeNr > 0;
	const char *path = plain_path(element, xpath);

	if (any)
		set_nodes(found->nodesetval, value);
	xmlXPathFreeObject(found);
	if (any || (path && !*value))
		return 0;
	if (!found || !path)
		return no_path(xpath, err);
	path_set(element, path, value);
	return 0;
}

int edit_create(struct xml_element *element, const char *xpath, struct error *err)
{
	const char *path = plain_path(element, xpath);

	if (!path || strchr(path, '@'))
		return no_path(xpath, err);
	path_create(element, path);
	return 0;
}

int edit_delete(struct xml_element *element, const char *xpath, struct error *err)
{
	xmlXPathObjectPtr found = selected(element, xpath);

	if (!found)
		return no_path(xpath, err);
	// Backwards, so that what is inside another is freed before it.
	for (int i = found->nodesetval ? found->nodesetval->nodeNr - 1 : -1; i >= 0; i--) {
		xmlNodePtr node = found->nodesetval->nodeTab[i];

		if (node->type == XML_ATTRIBUTE_NODE) {
			xmlRemoveProp((xmlAttrPtr)node);
		} else if (node->type == XML_ELEMENT_NODE && node->parent &&
			   node->parent->type == XML_ELEMENT_NODE) {
			xml_remove((struct xml_element *)node);
		}
	}
	xmlXPathFreeObject(found);
	return 0;
}

size_t edit_path_length(const char *assignment)
{
	int depth = 0;
	size_t length = 0;

	for (; assignment[length]; length++) {
		depth += assignment[length] == '[';
		depth -= assignment[length] == ']';
		if (assignment[length] == '=' && depth <= 0)
			break;
	}
	return length;
}
