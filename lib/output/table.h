// SPDX-License-Identifier: GPL-3.0-or-later
// Rows under columns, laid out for people.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "output/field.h"
#include "output/value.h"

struct text;

enum table_style {
	TABLE_RULED, // as virsh has it: a header, a dashed rule, a blank before each cell
	TABLE_BARE,  // the cells with one blank between, no header: made for `for i in $(...)`
	TABLE_PLAIN, // aligned columns, no header
};

struct table {
	const struct field *columns;
	size_t count;         // of columns
	unsigned long hidden; // bit N: column N is in neither the text nor JSON
	enum table_style style;
	const char
		*key; // the member that holds the rows in JSON; NULL when the rows are all there is
	char **cells; // rows * count, what people read; NULL for absent
	size_t rows;
};

void table_clear(struct table *table);

// Adds a row of `count` values.
void table_add(struct table *table, const struct value *values);

struct table_looks {
	bool quiet;    // no header
	bool terminal; // of a bare table: control characters are shown as \xNN
	bool colour;
	// Columns of the terminal, 0 for none: the last cell of a TABLE_PLAIN row is folded there,
	// and a TABLE_RULED one is cut to them.
	int width;
};

// The escape that begins the colour of a verdict's word; lent.
const char *table_verdict_colour(const char *word);

// Cells of columns that are COLUMN_FITS are cut where the terminal is too narrow.
void table_write(struct table *table, struct table_looks looks, struct text *out);
