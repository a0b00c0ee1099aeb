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
#include "xml/namespace.h"
#include "xml/path.h"

// A position has no more digits: all elements up to it are made.
enum { MOST_DIGITS = 3 };

static void ignore_error(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

// What XPATH selects from ELEMENT; NULL where it cannot be read or selects no nodes but a value.
static xmlXPathObjectPtr selected(struct xml_element *element, const char *xpath)
{
	xmlNodePtr node = (xmlNodePtr)element;
	xmlXPathContextPtr context = xmlXPathNewContext(node->doc);
	xmlXPathObjectPtr result;

	context->error = ignore_error;
	context->node = node;
	namespace_register(context, node);
	result = xmlXPathEval(BAD_CAST xpath, context);
	xmlXPathFreeContext(context);
	if (result && result->type == XPATH_NODESET)
		return result;
	xmlXPathFreeObject(result);
	return NULL;
}

// Whether TEXT may name a new element below ELEMENT, or with ATTRIBUTE one of its attributes.
static bool is_new_name(struct xml_element *element, const char *text, size_t length,
			bool attribute)
{
	auto_free char *name = text_copy_bytes(text, length);
	char *colon = strchr(name, ':');

	if (attribute || !colon)
		return xmlValidateNCName(BAD_CAST name, 0) == 0;
	if (xmlValidateQName(BAD_CAST name, 0) != 0)
		return false;
	*colon = '\0';
	return namespace_known((xmlNodePtr)element, name);
}

// The length of "[N]", "[@NAME='VALUE']" or "[@NAME="VALUE"]" at the beginning of TEXT; 0 for
// anything else.
static size_t predicate_length(struct xml_element *element, const char *text)
{
	size_t digits = strspn(text + 1, "0123456789"), name;
	const char *quoted, *end;

	if (digits > 0)
		return digits <= MOST_DIGITS && text[1] != '0' && text[1 + digits] == ']'
			       ? digits + 2
			       : 0;
	if (text[1] != '@')
		return 0;
	name = strcspn(text + 2, "=");
	if (!text[2 + name] || !is_new_name(element, text + 2, name, true))
		return 0;
	quoted = text + 2 + name + 1;
	end = *quoted && strchr("'\"", *quoted) ? strchr(quoted + 1, *quoted) : NULL;
	return end && end[1] == ']' ? (size_t)(end + 2 - text) : 0;
}

// Whether all of PATH is steps that xml/path.h can make.
static bool is_plain(struct xml_element *element, const char *path)
{
	for (;;) {
		size_t length = strcspn(path, "/[");

		if (*path == '@')
			return is_new_name(element, path + 1, strlen(path + 1), true);
		if (!is_new_name(element, path, length, false))
			return false;
		path += length;
		if (*path == '[') {
			length = predicate_length(element, path);
			if (!length)
				return false;
			path += length;
		}
		if (!*path)
			return true;
		if (*path++ != '/')
			return false;
	}
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
	return is_plain(element, xpath) ? xpath : NULL;
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
