// SPDX-License-Identifier: GPL-3.0-or-later
// Where a device is plugged in, as it is typed: "pci:0000.00.03.0", "scsi:0.0.1", "usb:1.2".
#pragma once

#include <stdbool.h>

struct error;
struct xml_element;

enum address_bus {
	ADDRESS_PCI = 1,
	ADDRESS_SCSI = 2,
	ADDRESS_IDE = 4,
	ADDRESS_CCW = 8,
	ADDRESS_USB = 16,
	ADDRESS_SATA = 32,
};

struct device_address {
	enum address_bus bus;
	unsigned numbers[4]; // of PCI: domain, bus, slot, function
};

// "BUS:NUMBER.NUMBER...", the numbers separated by any character; those of PCI and CCW are
// hexadecimal.
int device_address_parse(const char *text, struct device_address *address, struct error *err);

// The numbers alone, of a PCI address.
int device_address_parse_pci(const char *text, struct device_address *address, struct error *err);

// Makes the element <address> in DEVICE.
void device_address_write(const struct device_address *address, bool multifunction,
			  struct xml_element *device);
