// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/device.h"

#include "guest/guest.h"
#include "xml/document.h"

const struct suboption device_rows[] = {
	ROW("address.type", NULL, NULL, TEXT),
	ROW("address.domain", NULL, NULL, TEXT),
	ROW("address.bus", NULL, NULL, TEXT),
	ROW("address.slot", NULL, NULL, TEXT),
	ROW("address.multifunction", NULL, NULL, ON_OFF),
	ROW("address.function", NULL, NULL, TEXT),
	ROW("address.controller", NULL, NULL, TEXT),
	ROW("address.unit", NULL, NULL, TEXT),
	ROW("address.port", NULL, NULL, TEXT),
	ROW("address.target", NULL, NULL, TEXT),
	ROW("address.reg", NULL, NULL, TEXT),
	ROW("address.cssid", NULL, NULL, TEXT),
	ROW("address.ssid", NULL, NULL, TEXT),
	ROW("address.devno", NULL, NULL, TEXT),
	ROW("address.iobase", NULL, NULL, TEXT),
	ROW("address.irq", NULL, NULL, TEXT),
	ROW("address.base", NULL, NULL, TEXT),
	ROW("address.zpci.uid", NULL, NULL, TEXT),
	ROW("address.zpci.fid", NULL, NULL, TEXT),
	ROW("alias.name", NULL, NULL, TEXT),
	ROWS_END,
};

const struct suboption virtio_rows[] = {
	ROW("driver.ats", NULL, NULL, ON_OFF),
	ROW("driver.iommu", NULL, NULL, ON_OFF),
	ROW("driver.packed", NULL, NULL, ON_OFF),
	ROW("driver.page_per_vq", NULL, NULL, ON_OFF),
	ROWS_END,
};

struct xml_element *device_new(struct guest *guest, const char *name)
{
	return xml_append(guest->devices, name);
}

int device_count(const struct guest *guest, const char *name)
{
	int count = 0;

	for (struct xml_element *d = xml_child(guest->devices, name); d; d = xml_next(d, name))
		count++;
	return count;
}
