// SPDX-License-Identifier: GPL-3.0-or-later
// What the files with rows of options share.
#pragma once

#include "guest/option.h"
#include "guest/suboption.h"

#define GROUPS(...)                                                                                \
	(const struct suboption *const[])                                                          \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

// Where a device sits (`address.bus=...`) and what it is called (`alias.name=...`).
extern const struct suboption device_rows[];
// What devices of virtio have (`driver.packed=...`).
extern const struct suboption virtio_rows[];
