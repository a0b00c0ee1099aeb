// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/node_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "xml/document.h"
#include "xml/path.h"

bool pci_address_parse(const char *text, unsigned long parts[4])
{
	int length = 0;

	if (sscanf(text, "%lx:%lx:%lx.%lx%n", &parts[0], &parts[1], &parts[2], &parts[3],
		   &length) == 4 &&
	    !text[length])
		return true;
	parts[0] = 0;
	return sscanf(text, "%lx:%lx.%lx%n", &parts[1], &parts[2], &parts[3], &length) == 3 &&
	       !text[length];
}

void pci_address_set(struct xml_element *element, const char *path, const unsigned long parts[4])
{
	static const char *const names[] = {"domain", "bus", "slot", "function"};

	for (int i = 0; i < 4; i++) {
		auto_free char *attribute = text_format("%s/@%s", path, names[i]);
		auto_free char *number = text_format("%lu", parts[i]);

		path_set(element, attribute, number);
	}
}

// What a kind of device's XML has, and where the guest's wants it.
struct copy {
	const char *from, *to;
};

static const struct copy pci_copies[] = {{"domain", "source/address/@domain"},
					 {"bus", "source/address/@bus"},
					 {"slot", "source/address/@slot"},
					 {"function", "source/address/@function"},
					 {NULL, NULL}};
static const struct copy usb_copies[] = {
	{"vendor/@id", "source/vendor/@id"}, {"product/@id", "source/product/@id"}, {NULL, NULL}};
static const struct copy usb_place_copies[] = {
	{"bus", "source/address/@bus"}, {"device", "source/address/@device"}, {NULL, NULL}};
static const struct copy scsi_copies[] = {{"bus", "source/address/@bus"},
					  {"target", "source/address/@target"},
					  {"lun", "source/address/@unit"},
					  {NULL, NULL}};
static const struct copy mdev_copies[] = {{"uuid", "source/address/@uuid"}, {NULL, NULL}};

static void copy_all(const struct copy *copies, const struct xml_element *capability,
		     struct xml_element *element)
{
	for (; copies->from; copies++) {
		auto_free char *value = path_get(capability, copies->from);

		if (value)
			path_set(element, copies->to, value);
	}
}

static struct xml *device_named(struct guest *guest, const char *name, struct error *err)
{
	auto_free char *text = NULL;

	if (!guest || !guest->look_up.device) {
		error_set(err, STATUS_USAGE, "'%s' is not a device address", name);
		return NULL;
	}
	text = guest->look_up.device(guest->look_up.data, name, err);
	return text ? xml_parse(text, "the device's XML", err) : NULL;
}

// Two of the same kind can only be told apart by where they are.
static bool is_one_of_many(struct guest *guest, const struct xml_element *capability)
{
	auto_list struct list all = {0};
	auto_free char *vendor = path_get(capability, "vendor/@id");
	auto_free char *product = path_get(capability, "product/@id");
	int alike = 0;

	if (!guest->look_up.usb)
		return false;
	guest->look_up.usb(guest->look_up.data, &all);
	for (size_t i = 0; i < all.count; i++) {
		auto_error struct error ignored = {0};
		auto_xml struct xml *xml = xml_parse(all.items[i], "a device's XML", &ignored);
		const struct xml_element *other =
			xml ? xml_child(xml_root(xml), "capability") : NULL;
		auto_free char *v = other ? path_get(other, "vendor/@id") : NULL;
		auto_free char *p = other ? path_get(other, "product/@id") : NULL;

		alike += text_equal(v, vendor) && text_equal(p, product);
	}
	return alike > 1;
}

static int set_scsi(const struct xml_element *capability, struct xml_element *element)
{
	auto_free char *host = path_get(capability, "host");
	auto_free char *adapter = text_format("scsi_host%s", host ? host : "0");

	path_set(element, "@type", "scsi");
	path_set(element, "source/adapter/@name", adapter);
	copy_all(scsi_copies, capability, element);
	return 0;
}

// Which driver of the host hands it on, by what it is made of; s390x has two of its own.
static void set_mediated(const struct xml_element *device, const struct xml_element *capability,
			 struct xml_element *element)
{
	auto_free char *kind = path_get(capability, "type/@id"), *name = path_get(device, "name");
	const char *model = text_equal(kind, "vfio_ccw-io")           ? "vfio-ccw"
			    : text_equal(kind, "vfio_ap-passthrough") ? "vfio-ap"
								      : "vfio-pci";

	path_set(element, "@type", "mdev");
	path_set(element, "@model", model);
	copy_all(mdev_copies, capability, element);
	// Before libvirt 7.3 its UUID stood in its name alone.
	if (path_has(element, "source/address/@uuid") || !text_begins(name, "mdev_"))
		return;
	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	path_set(element, "source/address/@uuid", name + strlen("mdev_"));
}

static int set_device(struct guest *guest, const struct xml *xml, struct xml_element *element,
		      struct error *err)
{
	const struct xml_element *capability = xml_child(xml_root(xml), "capability");
	auto_free char *type = capability ? path_get(capability, "@type") : NULL;
	auto_free char *parent = path_get(xml_root(xml), "parent");

	if (text_equal(type, "pci")) {
		path_set(element, "@type", "pci");
		copy_all(pci_copies, capability, element);
		return 0;
	}
	if (text_equal(type, "usb_device")) {
		path_set(element, "@type", "usb");
		copy_all(usb_copies, capability, element);
		if (is_one_of_many(guest, capability))
			copy_all(usb_place_copies, capability, element);
		return 0;
	}
	if (text_equal(type, "mdev")) {
		set_mediated(xml_root(xml), capability, element);
		return 0;
	}
	if (text_equal(type, "scsi"))
		return set_scsi(capability, element);
	// A network card or a disk is that of the card that it is on.
	if ((text_equal(type, "net") || text_equal(type, "storage")) && parent) {
		auto_xml struct xml *above = device_named(guest, parent, err);

		return above ? set_device(guest, above, element, err) : -1;
	}
	return error_set(err, STATUS_USAGE, "Unsupported node device type '%s'", type ? type : "");
}

// "001.003" or "0x062a:0x0001": the numbers, in BASE; false for anything else.
static bool read_pair(const char *text, char between, int base, unsigned long pair[2])
{
	char *end;

	pair[0] = strtoul(text, &end, base);
	if (end == text || *end != between)
		return false;
	text = end + 1;
	pair[1] = strtoul(text, &end, base);
	return end != text && !*end;
}

// The one USB device whose capability has the two NUMBERS at PATHS.
static struct xml *usb_device(struct guest *guest, const char *name, const char *const paths[2],
			      const unsigned long numbers[2], struct error *err)
{
	auto_list struct list all = {0};
	struct xml *found = NULL;
	int count = 0;

	guest->look_up.usb(guest->look_up.data, &all);
	for (size_t i = 0; i < all.count; i++) {
		auto_error struct error ignored = {0};
		struct xml *xml = xml_parse(all.items[i], "a device's XML", &ignored);
		const struct xml_element *c = xml ? xml_child(xml_root(xml), "capability") : NULL;
		auto_free char *a = c ? path_get(c, paths[0]) : NULL;
		auto_free char *b = c ? path_get(c, paths[1]) : NULL;
		bool fits = a && b && strtoul(a, NULL, 0) == numbers[0] &&
			    strtoul(b, NULL, 0) == numbers[1];

		count += fits;
		if (fits && !found)
			found = take(&xml);
		xml_free(xml);
	}
	if (count == 1)
		return found;
	xml_free(found);
	if (!count)
		error_set(err, STATUS_NOT_FOUND, "Did not find a matching node device for '%s'",
			  name);
	else
		error_set(err, STATUS_USAGE, "'%s' corresponds to multiple node devices", name);
	return NULL;
}

int node_device_set(struct guest *guest, const char *name, struct xml_element *element,
		    struct error *err)
{
	static const char *const places[] = {"bus", "device"};
	static const char *const kinds[] = {"vendor/@id", "product/@id"};
	bool asks = guest && guest->look_up.usb;
	auto_xml struct xml *xml = NULL;
	unsigned long pair[2];

	if (asks && read_pair(name, '.', 10, pair))
		xml = usb_device(guest, name, places, pair, err);
	else if (read_pair(name, ':', 16, pair)) {
		auto_free char *vendor = text_format("0x%04lx", pair[0]);
		auto_free char *product = text_format("0x%04lx", pair[1]);

		if (asks && !(xml = usb_device(guest, name, kinds, pair, err)))
			return -1;
		path_set(element, "@type", "usb");
		path_set(element, "source/vendor/@id", vendor);
		path_set(element, "source/product/@id", product);
		return 0;
	} else {
		xml = device_named(guest, name, err);
	}
	return xml ? set_device(guest, xml, element, err) : -1;
}

int node_device_pci(struct guest *guest, const char *name, struct xml_element *element,
		    struct error *err)
{
	auto_xml struct xml *xml = NULL;
	const struct xml_element *capability;
	auto_free char *type = NULL;
	unsigned long parts[4];

	path_set(element, "source/address/@type", "pci");
	if (pci_address_parse(name, parts)) {
		pci_address_set(element, "source/address", parts);
		return 0;
	}
	xml = device_named(guest, name, err);
	if (!xml)
		return -1;
	capability = xml_child(xml_root(xml), "capability");
	type = path_get(capability, "@type");
	if (!text_equal(type, "pci"))
		return error_set(err, STATUS_USAGE, "'%s' is not a PCI device", name);
	copy_all(pci_copies, capability, element);
	return 0;
}
