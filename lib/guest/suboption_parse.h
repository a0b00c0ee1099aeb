// SPDX-License-Identifier: GPL-3.0-or-later
// The text of an option taken apart: `a=1,b="x,y",uefi`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "guest/suboption.h"

struct part {
	char *name;
	char *value;   // NULL: there was none
	bool expanded; // it was a word without `=` that means something wherever it stands
};

struct parts {
	struct part *items;
	size_t count;
};

void parts_clear(struct parts *parts);
#define auto_parts __attribute__((cleanup(parts_clear)))

// Splits TEXT; an unknown name and a name without a value are errors.
int parts_read(const struct suboption_table *table, const char *text, struct parts *parts,
	       struct error *err);

// Whether NAME is one of the row's, in which `#` is any number of digits; the pattern that it fits
// goes to *PATTERN, and the largest of its indices to *INDEX.
bool row_fits(const struct suboption *row, const char *name, const char **pattern, int *index);

// The row of the table that NAME fits; NULL where there is none.
const struct suboption *row_named(const struct suboption_table *table, const char *name);

// `xpathN.set=...` and its like, which every table with an element takes.
bool part_is_xpath(const struct part *part);
