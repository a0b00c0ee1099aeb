// SPDX-License-Identifier: GPL-3.0-or-later
// A guest's definition, and what it asks for in vain.
#pragma once

#include <libvirt/libvirt.h>

struct error;
struct xml;

// The domain XML, parsed; FLAGS are VIR_DOMAIN_XML_... NULL on failure.
struct xml *definition_xml(virDomainPtr domain, unsigned flags, struct error *err);

// The same as libvirt writes it, white space too.
struct xml *definition_xml_verbatim(virDomainPtr domain, unsigned flags, struct error *err);

// Where XML, a guest's, was refused for something that this host does not have, or that needs
// something else beside it, ERR's hint says what to change.
void definition_hint(struct error *err, virConnectPtr connection, const char *xml);

// The same where it is the definition that DOMAIN has or was to get: the hint is the command.
void definition_hint_changed(struct error *err, virDomainPtr domain, const char *xml);

// The same of DEVICE, in XML, that DOMAIN was to get. Returns -1.
int definition_hint_device(struct error *err, virDomainPtr domain, const char *device);
