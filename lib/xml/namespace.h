// SPDX-License-Identifier: GPL-3.0-or-later
// The namespaces that libvirt's XML may have: for elements that are new and for XPaths, which may
// name them before the document declares them.
#pragma once

#include <libxml/xpath.h>
#include <stdbool.h>

// Puts NODE into the namespace of PREFIX, which is declared if need be: on the node itself, or on
// the root where libvirt wants it there. False for a prefix that is not known.
bool namespace_set(xmlNodePtr node, const char *prefix);

// Whether PREFIX is one that NODE may use: declared around it, or libvirt's.
bool namespace_known(xmlNodePtr node, const char *prefix);

// Makes all that NODE may use known to an XPath.
void namespace_register(xmlXPathContextPtr context, xmlNodePtr node);
