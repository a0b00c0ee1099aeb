// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/namespace.h"

#include <libxml/tree.h>
#include <libxml/xpathInternals.h>
#include <stddef.h>

#include "base/text.h"

static const struct row {
	const char *prefix, *uri;
	bool root; // libvirt wants it declared on the root
} namespaces[] = {
	{"libosinfo", "http://libosinfo.org/xmlns/libvirt/domain/1.0", false},
	{"qemu", "http://libvirt.org/schemas/domain/qemu/1.0", true},
	{"lxc", "http://libvirt.org/schemas/domain/lxc/1.0", true},
	{"xen", "http://libvirt.org/schemas/domain/xen/1.0", true},
	{"bhyve", "http://libvirt.org/schemas/domain/bhyve/1.0", true},
};
enum { NAMESPACES = sizeof(namespaces) / sizeof(*namespaces) };

static const struct row *find(const char *prefix)
{
	for (size_t i = 0; i < NAMESPACES; i++)
		if (text_equal(namespaces[i].prefix, prefix))
			return &namespaces[i];
	return NULL;
}

bool namespace_set(xmlNodePtr node, const char *prefix)
{
	xmlNsPtr found = xmlSearchNs(node->doc, node, BAD_CAST prefix);
	const struct row *row = find(prefix);

	if (!found && row)
		found = xmlNewNs(row->root ? xmlDocGetRootElement(node->doc) : node,
				 BAD_CAST row->uri, BAD_CAST prefix);
	if (found)
		xmlSetNs(node, found);
	return found;
}

bool namespace_known(xmlNodePtr node, const char *prefix)
{
	return find(prefix) || xmlSearchNs(node->doc, node, BAD_CAST prefix);
}

void namespace_register(xmlXPathContextPtr context, xmlNodePtr node)
{
	xmlNsPtr *declared = xmlGetNsList(node->doc, node);

	for (size_t i = 0; i < NAMESPACES; i++)
		xmlXPathRegisterNs(context, BAD_CAST namespaces[i].prefix,
				   BAD_CAST namespaces[i].uri);
	for (size_t i = 0; declared && declared[i]; i++)
		if (declared[i]->prefix)
			xmlXPathRegisterNs(context, declared[i]->prefix, declared[i]->href);
	xmlFree(declared);
}
