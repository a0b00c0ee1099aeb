// SPDX-License-Identifier: GPL-3.0-or-later
// The options that describe a guest, and the one function that adds, edits, removes and builds what
// they describe. Parser, help, completion and the order in which they are read come from these
// rows.
#pragma once

#include <stdbool.h>

#include "guest/suboption.h"

struct error;
struct guest;
struct xml_element;

// What an option's functions get beside the element.
struct option_edit {
	struct guest *guest; // NULL: the element stands alone
	struct xml_element *element;
	const struct guest_option *option;
	bool added; // the element is new
};

enum guest_option_trait {
	OPTION_REPEATS = 1,    // each time another element; else all edit the same one
	OPTION_NONE = 2,       // `none` is noted: no default takes its place
	OPTION_READS_NONE = 4, // `none` is a value like others
	OPTION_NEEDS_HOST = 8, // what an edit means depends on what the host offers
};

struct guest_option {
	const char *home; // where its element is in the domain: "devices/disk", "cpu", "."
	unsigned traits;
	struct suboption_table table;
	// After the rows of an element that is new, or NULL.
	int (*finish)(struct option_edit *edit, struct error *err);
	// In place of the rows.
	int (*apply)(struct option_edit *edit, const char *text, struct error *err);
};

// Its name without the dashes: "disk".
const char *option_name(const struct guest_option *option);

enum option_verb {
	OPTION_ADD,    // a new element, or for what does not repeat the one there is
	OPTION_EDIT,   // the element that is given
	OPTION_BUILD,  // the same as adding, to an element that is part of no guest
	OPTION_REMOVE, // the element that is given goes; TEXT does not count
};

// What an option says, done to GUEST. ELEMENT is what OPTION_EDIT changes and OPTION_BUILD fills;
// for OPTION_ADD it is NULL. On failure a new element is taken away again.
int option_apply(const struct guest_option *option, enum option_verb verb, struct guest *guest,
		 struct xml_element *element, const char *text, struct error *err);

// The elements of DOMAIN that the option is about, one after the other; NULL behind the last.
// AFTER is NULL for the first.
struct xml_element *option_element(const struct guest_option *option, struct xml_element *domain,
				   struct xml_element *after);

// Whether ELEMENT is one that TEXT describes: it has every value that TEXT names. GUEST is where
// devices of the host are looked up; NULL: nowhere.
int option_matches(const struct guest_option *option, struct guest *guest,
		   const struct xml_element *element, const char *text, bool *matches,
		   struct error *err);

// The only option of this name ("disk"); NULL where there is none.
const struct guest_option *option_named(const char *name);

// All of them, in the order in which they are read; NULL behind the last.
const struct guest_option *option_at(unsigned index);
