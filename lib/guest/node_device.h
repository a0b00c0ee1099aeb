// SPDX-License-Identifier: GPL-3.0-or-later
// Devices of the host that a guest gets: how people name them, and what the guest's XML then says.
#pragma once

#include <stdbool.h>

struct error;
struct guest;
struct xml_element;

// "0:15:0.3", "15:0.1" (numbers hexadecimal without 0x): domain, bus, slot, function.
bool pci_address_parse(const char *text, unsigned long parts[4]);
void pci_address_set(struct xml_element *element, const char *path, const unsigned long parts[4]);

// Makes ELEMENT (a <hostdev>) the device that NAME means: the name that libvirt gives a device of
// the host, BUS.DEVICE or VENDOR:PRODUCT of USB.
int node_device_set(struct guest *guest, const char *name, struct xml_element *element,
		    struct error *err);

// The PCI address of the device that NAME means, for an <interface>; the same names.
int node_device_pci(struct guest *guest, const char *name, struct xml_element *element,
		    struct error *err);
