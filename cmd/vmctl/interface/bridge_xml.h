// SPDX-License-Identifier: GPL-3.0-or-later
// The definition of an interface of the host and that of a bridge around it, one made of the other.
#pragma once

#include <stdbool.h>

struct error;
struct xml;

struct bridge {
	const char *name;
	bool stp;        // with the spanning tree protocol,
	long long delay; // and so many seconds that a new port waits
};

// Makes XML, of an interface, that of a bridge around it. A bridge is STATUS_CONFLICT.
int bridge_put_around(struct xml *xml, const struct bridge *bridge, struct error *err);

// Makes XML, of a bridge, that of the only interface in it. Gives that one's name, the caller's;
// NULL with STATUS_CONFLICT where there is no such bridge or not one interface.
char *bridge_take_out(struct xml *xml, struct error *err);
