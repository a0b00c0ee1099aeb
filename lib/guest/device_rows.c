// SPDX-License-Identifier: GPL-3.0-or-later
// The rows that every kind of device has, and those of virtio.
#include "guest/rows.h"

const struct suboption device_rows[] = {
	ROW("address.type", NULL, NULL, TEXT),
	ROW("address.domain", NULL, NULL, INTEGER),
	ROW("address.bus", NULL, NULL, INTEGER),
	ROW("address.slot", NULL, NULL, INTEGER),
	ROW("address.multifunction", NULL, NULL, ON_OFF),
	ROW("address.function", NULL, NULL, INTEGER),
	ROW("address.controller", NULL, NULL, INTEGER),
	ROW("address.unit", NULL, NULL, INTEGER),
	ROW("address.port", NULL, NULL, INTEGER),
	ROW("address.target", NULL, NULL, INTEGER),
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
