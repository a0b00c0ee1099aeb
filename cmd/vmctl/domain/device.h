// SPDX-License-Identifier: GPL-3.0-or-later
// The devices of a guest: in its XML, and as they come and go.
#pragma once

#include <libvirt/libvirt.h>

#include "cli/command.h"
#include "virt/parameters.h"

struct call;
struct error;
struct xml;
struct xml_element;

// The element <devices> of a guest's XML, lent.
struct xml_element *device_list(const struct xml *xml);

// Whether the guest's agent has opened its channel, which libvirt sees: no question that could
// hang. False where that is not known.
bool device_agent_connected(virDomainPtr domain);

// What a disk is made of; the caller's. libvirt's types differ in where they say it.
char *device_disk_source(const struct xml_element *disk);

// The disk whose target or source NAME is, lent; NULL where there is none.
struct xml_element *device_disk(const struct xml *xml, const char *name);

enum device_change { DEVICE_ATTACH, DEVICE_DETACH, DEVICE_UPDATE };

// Asks libvirt for it, where the options DEVICE_OPTIONS say; XML is the device. The command's
// action has the sentences, in which %s is WHAT.
int device_change(struct call *call, enum device_change change, const char *xml, const char *what,
		  struct error *err);

// Attaches what was made, or with --print-xml shows it.
int device_attach(struct call *call, const struct xml_element *device, struct error *err);

// With --print-xml: shows the XML of the device, as it stood in the domain XML.
void device_print_element(struct call *call, const struct xml_element *device);

// clang-format off
#define DEVICE_OPTIONS \
	FLAG("persistent", 0, "its definition, and the guest itself while it runs"), AFFECTED
#define DEVICE_RULES EXCLUSIVE("persistent", "current"), AFFECTED_RULES
#define PRINT_XML FLAG("print-xml", 0, "only show its XML")
#define DEVICE_FIELDS \
	NAME_FIELD, FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "the device, with --print-xml")
// clang-format on
extern const struct rule device_rules[];
extern const struct field device_results[];
