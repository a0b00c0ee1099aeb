// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/device_address.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

enum { NUMBERS_MOST = 4 };

static const struct bus {
	const char *name;
	enum address_bus bus;
	int base;         // of the numbers
	const char *type; // of <address>, whose attributes these are,
	const char *attributes[NUMBERS_MOST];
	int widths[NUMBERS_MOST]; // with so many hexadecimal digits at least
} buses[] = {
	{"pci", ADDRESS_PCI, 16, "pci", {"@domain", "@bus", "@slot", "@function"}, {4, 2, 2, 1}},
	{"scsi", ADDRESS_SCSI, 10, "drive", {"@controller", "@bus", "@unit"}, {0}},
	{"ide", ADDRESS_IDE, 10, "drive", {"@controller", "@bus", "@unit"}, {0}},
	{"ccw", ADDRESS_CCW, 16, "ccw", {"@cssid", "@ssid", "@devno"}, {2, 1, 4}},
	{"usb", ADDRESS_USB, 10, "usb", {"@bus", "@port"}, {0}},
	{"sata", ADDRESS_SATA, 10, "drive", {"@controller", "@bus", "@unit"}, {0}},
};

// The number at *TEXT, which is moved behind it.
static int read_number(const char **text, int base, unsigned *number)
{
	char *end;
	unsigned long read;

	if (!isxdigit((unsigned char)**text))
		return -1;
	errno = 0;
	read = strtoul(*text, &end, base);
	if (errno || end == *text || read > UINT_MAX)
		return -1;
	*number = (unsigned)read;
	*text = end;
	return 0;
}

static int read_numbers(const char *text, const struct bus *bus, struct device_address *address,
			struct error *err)
{
	const char *next = text;
	int count = 0;

	address->bus = bus->bus;
	while (count < NUMBERS_MOST && bus->attributes[count]) {
		if (count && *next)
			next++;
		if (read_number(&next, bus->base, &address->numbers[count++]) < 0)
			break;
		if (*next == '\0' && (count == NUMBERS_MOST || !bus->attributes[count]))
			return 0;
	}
	return error_set(err, STATUS_USAGE, "invalid %s address '%s'", bus->name, text);
}

int device_address_parse(const char *text, struct device_address *address, struct error *err)
{
	const char *colon = strchr(text, ':');
	auto_free char *name = text_copy_bytes(text, colon ? (size_t)(colon - text) : 0);

	for (size_t i = 0; colon && i < sizeof(buses) / sizeof(*buses); i++)
		if (text_equal(buses[i].name, name))
			return read_numbers(colon + 1, &buses[i], address, err);
	return error_set(
		err, STATUS_USAGE,
		"invalid address '%s', expected such as pci:0000.00.03.0, scsi:0.0.1 or usb:1.2",
		text);
}

int device_address_parse_pci(const char *text, struct device_address *address, struct error *err)
{
	return read_numbers(text, &buses[0], address, err);
}

void device_address_write(const struct device_address *address, bool multifunction,
			  struct xml_element *device)
{
	struct xml_element *element = xml_append(device, "address");

	for (size_t i = 0; i < sizeof(buses) / sizeof(*buses); i++) {
		if (buses[i].bus != address->bus)
			continue;
		path_set(element, "@type", buses[i].type);
		for (int k = 0; k < NUMBERS_MOST && buses[i].attributes[k]; k++) {
			unsigned number = address->numbers[k];
			auto_free char *value =
				buses[i].base == 16
					? text_format("0x%0*x", buses[i].widths[k], number)
					: text_format("%u", number);

			path_set(element, buses[i].attributes[k], value);
		}
	}
	if (multifunction && address->bus == ADDRESS_PCI)
		path_set(element, "@multifunction", "on");
}
