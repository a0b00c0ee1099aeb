// SPDX-License-Identifier: GPL-3.0-or-later
// One change of a guest that exists: the option that says what, and to which of its elements.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;
struct guest;
struct guest_option;
struct xml_element;

enum change_verb { CHANGE_EDIT, CHANGE_ADD, CHANGE_REMOVE, CHANGE_BUILD };

struct change {
	enum change_verb verb;
	const struct guest_option *option;
	const char *selector;     // which elements an edit is about; NULL: the first
	const struct list *texts; // what is said of the option; of a removal the last one selects
};

// The elements that a change is about, in the guest's XML.
struct changed {
	struct xml_element **items;
	size_t count;
	struct list removed; // the XML of those that have gone
};

void changed_clear(struct changed *changed);
#define auto_changed __attribute__((cleanup(changed_clear)))

// Whether the option knows such a change at all.
int change_check(const struct change *change, struct error *err);

// Makes it as far as the option's texts go. What disks are made of is then found out by
// storage_resolve(), if any are new or have another source.
int change_apply(const struct change *change, struct guest *guest, struct changed *changed,
		 struct error *err);

// Whether the defaults that may follow need to know what the host offers.
bool change_needs_host(const struct change *change);

// What follows from it: what is left open of new devices, the order in which devices boot, the
// devices that a SPICE display has around it, the firmware.
int change_complete(const struct change *change, struct guest *guest, struct changed *changed,
		    struct error *err);

// The element as XML that stands alone; the caller's.
char *change_text(const struct xml_element *element);
