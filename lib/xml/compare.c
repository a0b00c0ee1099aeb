// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/compare.h"

#include <libxml/tree.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

static bool has_attributes(const xmlNode *node, const xmlNode *part)
{
	for (const xmlAttr *a = part->properties; a; a = a->next) {
		xmlChar *wanted = xmlGetProp(part, a->name), *own = xmlGetProp(node, a->name);
		bool equal = own && strcasecmp((char *)own, (char *)wanted) == 0;

		xmlFree(wanted);
		xmlFree(own);
		if (!equal)
			return false;
	}
	return true;
}

static bool has_text(const struct xml_element *element, const struct xml_element *part)
{
	auto_free char *wanted = path_get(part, "."), *own = path_get(element, ".");

	return xml_child(part, NULL) || !*text_strip(wanted) ||
	       strcasecmp(text_strip(own), wanted) == 0;
}

bool compare_contains(const struct xml_element *element, const struct xml_element *part)
{
	if (!has_attributes((const xmlNode *)element, (const xmlNode *)part) ||
	    !has_text(element, part))
		return false;
	for (struct xml_element *p = xml_child(part, NULL); p; p = xml_next(p, NULL)) {
		struct xml_element *own = xml_child(element, xml_name(p));

		while (own && !compare_contains(own, p))
			own = xml_next(own, xml_name(p));
		if (!own)
			return false;
	}
	return true;
}
