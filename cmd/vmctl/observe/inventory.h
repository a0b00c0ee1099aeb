// SPDX-License-Identifier: GPL-3.0-or-later
// The guests of all hosts as an inventory: what is known of each, and the groups that it is in.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct call;
struct error;
struct json;

struct inventory_guest {
	char *name; // with its host behind it where two have the name
	char *host;
	char *uuid;
	char *state;           // "running", "paused", "off", ...
	char *os;              // as libosinfo calls it for short, "debian12"; NULL: not known
	struct list labels;    // as they are
	struct list addresses; // IPv4 first
	struct list groups;    // names that Ansible takes
};

struct inventory {
	struct inventory_guest *guests; // by host and name
	size_t count;
};

// Adds the guests of the call's host. One that hangs has no address but a leased one.
int inventory_add(struct call *call, struct inventory *inventory, struct error *err);

// When all hosts have been added.
void inventory_name_groups(struct inventory *inventory);

void inventory_clear(struct inventory *inventory);
#define auto_inventory __attribute__((cleanup(inventory_clear)))

// As Ansible's script interface has it: of all, and the variables of one; the caller's.
struct json *inventory_list(const struct inventory *inventory);
struct json *inventory_variables(const struct inventory_guest *guest);
