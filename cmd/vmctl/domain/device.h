// SPDX-License-Identifier: GPL-3.0-or-later
// The devices in a guest's XML.
#pragma once

#include <libvirt/libvirt.h>

struct error;
struct xml;
struct xml_element;

// The domain XML, parsed; FLAGS are VIR_DOMAIN_XML_... NULL on failure.
struct xml *device_xml(virDomainPtr domain, unsigned flags, struct error *err);

// The element <devices> of it, lent.
struct xml_element *device_list(const struct xml *xml);
