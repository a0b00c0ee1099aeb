// SPDX-License-Identifier: GPL-3.0-or-later
// The rows that every kind of device has, and how devices find their place.
#pragma once

#include "guest/suboption.h"

struct guest;
struct xml_element;

// Where the device sits (`address.bus=...`) and what it is called (`alias.name=...`).
extern const struct suboption device_rows[];
// What devices of virtio have (`driver.packed=...`).
extern const struct suboption virtio_rows[];

// A new device element of this name among the guest's devices.
struct xml_element *device_new(struct guest *guest, const char *name);

// How many devices of this name there are.
int device_count(const struct guest *guest, const char *name);
