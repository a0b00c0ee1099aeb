// SPDX-License-Identifier: GPL-3.0-or-later
// What devices that are character devices share.
#pragma once

#include "guest/suboption.h"

struct xml_element;

// Where the other end is (`source.path=...`) and what is logged.
extern const struct suboption character_rows[];

// HOST:PORT, [IPV6]:PORT or :PORT, to the two paths below ELEMENT; an empty value clears the host.
void character_set_address(struct xml_element *element, const char *host_path,
			   const char *port_path, const char *value);
