// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/table.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"

void table_clear(struct table *table)
{
	for (size_t i = 0; i < table->rows * table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->rows = 0;
}

void table_add(struct table *table, const struct value *values)
{
	size_t used = table->rows * table->count;

	// Grows by doubling: on each power of two the array is full.
	if ((table->rows & (table->rows - 1)) == 0)
		table->cells = memory_resize(table->cells,
					     (table->rows ? table->rows : 1) * 2 * table->count,
					     sizeof(*table->cells));
	for (size_t i = 0; i < table->count; i++) {
		bool absent = (values[i].type == VALUE_ABSENT || values[i].type == VALUE_UNASKED) &&
			      !values[i].shown;

		table->cells[used + i] = absent ? NULL : value_string(values[i]);
	}
	table->rows++;
}

static void append_escaped(struct text *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		text_append_format(out, "\\x%02x", (unsigned char)bytes[i]);
	}
}

// The cell as a table shows it: what is not printable in this locale, and the \x of what already
// looks escaped, as \xNN.
static void append_cell(struct text *out, const char *cell)
{
	size_t length;

	for (; *cell; cell += length) {
		wchar_t character;

		length = terminal_character(cell, &character);
		if (length == 0 || iscntrl((unsigned char)*cell) ||
		    (cell[0] == '\\' && cell[1] == 'x')) {
			length = 1;
			append_escaped(out, cell, 1);
		} else if (!iswprint((wint_t)character)) {
			append_escaped(out, cell, length);
		} else {
			text_append_bytes(out, cell, length);
		}
	}
}

static bool in_row(const struct table *table, size_t column)
{
	return !(table->hidden & 1UL << column) &&
	       !(table->columns[column].flags &
		 (COLUMN_JSON_ONLY | COLUMN_DETAIL | COLUMN_HEADING)) &&
	       table->columns[column].title;
}

static const char *cell_at(const struct table *table, size_t row, size_t column)
{
	const char *cell = table->cells[row * table->count + column];

	return cell ? cell : "";
}

// Most cells are printable ASCII: shown as they are, a column for each character.
static bool is_plain(const char *cell)
{
	for (; *cell; cell++)
		if (*cell < 0x20 || *cell > 0x7e || *cell == '\\')
			return false;
	return true;
}

static int cell_width(const char *cell)
{
	auto_text struct text shown = {0};

	if (is_plain(cell))
		return (int)strlen(cell);

	append_cell(&shown, cell);
	return terminal_columns(text_string(&shown));
}

const char *table_verdict_colour(const char *word)
{
	static const struct {
		const char *word, *colour;
	} colours[] = {{"pass", "\033[32m"}, {"warn", "\033[33m"}, {"fail", "\033[31m"}};

	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		if (strcasecmp(word, colours[i].word) == 0)
			return colours[i].colour;
	return "\033[2m";
}

// A cell that begins at column START, its words folded into lines of WIDTH columns at most that
// begin below it.
static void append_folded(struct text *out, const char *cell, int start, int width)
{
	int column = start;

	while (*cell) {
		size_t blanks = strspn(cell, " "), length = blanks + strcspn(cell + blanks, " ");
		auto_free char *word = text_copy_bytes(cell, length);
		int needed = cell_width(word);

		if (column > start && column + needed > width) {
			text_append_format(out, "\n%*s", start, "");
			append_cell(out, word + blanks);
			column = start + needed - (int)blanks;
		} else {
			append_cell(out, word);
			column += needed;
		}
		cell += length;
	}
}

// How the cells of one line are laid out.
struct layout {
	const char *before; // each cell
	int indent;         // of the line
	int gap;            // blanks after the widest cell
	const int *widths;  // of the columns; NULL: the cells stand as they are
	bool terminal;      // where they stand as they are, control characters are shown as \xNN
	size_t last;        // column that is shown
	int fold;           // columns of the terminal, 0: lines are as long as they are
	bool colour;
};

static void append_coloured(const struct table *table, size_t column, const char *cell,
			    struct text *out)
{
	bool verdict = table->columns[column].flags & COLUMN_VERDICT;

	if (verdict)
		text_append(out, table_verdict_colour(cell));
	append_cell(out, cell);
	if (verdict)
		text_append(out, "\033[0m");
}

// Writes the cells of one line; CELLS gives the text of a column.
static void write_line(const struct table *table, const struct layout *layout,
		       const char *const *cells, struct text *out)
{
	int owed = layout->indent; // blanks that only a further cell makes visible
	int column = 0;

	for (size_t i = 0; i < table->count; i++) {
		int width;

		if (!in_row(table, i))
			continue;
		for (int n = 0; n < owed; n++)
			text_append_char(out, ' ');
		text_append(out, layout->before);
		column += owed;
		if (layout->fold > column + 20 && i == layout->last)
			append_folded(out, cells[i], column, layout->fold);
		else if (layout->colour)
			append_coloured(table, i, cells[i], out);
		else if (is_plain(cells[i]) || (!layout->widths && !layout->terminal))
			text_append(out, cells[i]);
		else if (!layout->widths)
			text_append_harmless(out, cells[i], false);
		else
			append_cell(out, cells[i]);
		width = layout->widths ? cell_width(cells[i]) : 0;
		owed = layout->gap + (layout->widths ? layout->widths[i] - width : 0);
		column += width;
	}
	text_append_char(out, '\n');
}

static void write_details(const struct table *table, size_t row, const struct layout *layout,
			  struct text *out)
{
	enum { INDENT = 8 };

	for (size_t i = 0; i < table->count; i++) {
		const char *cell = table->cells[row * table->count + i];
		int start;

		if (!(table->columns[i].flags & COLUMN_DETAIL) || !cell || table->hidden & 1UL << i)
			continue;
		text_append_format(out, "%*s%s ", INDENT, "", table->columns[i].title);
		start = INDENT + cell_width(table->columns[i].title) + 1;
		append_folded(out, cell, start, layout->fold ? layout->fold : INT_MAX);
		text_append_char(out, '\n');
	}
}

static void write_heading(const struct table *table, size_t row, bool colour, struct text *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const char *cell = cell_at(table, row, i);

		if (!(table->columns[i].flags & COLUMN_HEADING) ||
		    (row > 0 && text_equal(cell, cell_at(table, row - 1, i))))
			continue;
		text_append(out, row > 0 ? "\n" : "");
		text_append(out, colour ? "\033[1m" : "");
		append_cell(out, cell);
		text_append(out, colour ? "\033[0m\n" : "\n");
	}
}

static bool has_headings(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->columns[i].flags & COLUMN_HEADING)
			return true;
	return false;
}

// Fills in what each column is wide; gives the length of the rule below a header.
static int measure(const struct table *table, bool header, int *widths, size_t *last)
{
	int rule = 0;

	for (size_t i = 0; i < table->count; i++) {
		if (!in_row(table, i))
			continue;
		*last = i;
		widths[i] = header ? cell_width(table->columns[i].title) : 0;
		for (size_t row = 0; row < table->rows; row++) {
			int width = cell_width(cell_at(table, row, i));

			widths[i] = width > widths[i] ? width : widths[i];
		}
		rule += widths[i] + 3;
	}
	return rule;
}

// The widest column that may be narrower than it is; `count` for none.
static size_t widest(const struct table *table, const int *widths)
{
	enum { LEAST = 12 };
	size_t found = table->count;

	for (size_t i = 0; i < table->count; i++)
		if (in_row(table, i) && table->columns[i].flags & COLUMN_FITS &&
		    widths[i] > LEAST && (found == table->count || widths[i] > widths[found]))
			found = i;
	return found;
}

// Cuts the cells of a table whose rule is wider than the terminal; gives its rule.
static int fit(struct table *table, int terminal, int *widths, int rule)
{
	size_t column;

	for (; rule > terminal && (column = widest(table, widths)) < table->count; rule--)
		widths[column]--;
	for (size_t i = 0; i < table->rows * table->count; i++) {
		char *whole = table->cells[i];
		int width = widths[i % table->count];

		if (!whole || !in_row(table, i % table->count) || cell_width(whole) <= width)
			continue;
		table->cells[i] = text_shorten(whole, (size_t)width);
		free(whole);
	}
	return rule;
}

static void write_header(const struct table *table, const struct layout *layout, const char **line,
			 int rule, struct text *out)
{
	struct layout plain = *layout;

	plain.colour = false;
	for (size_t i = 0; i < table->count; i++)
		line[i] = table->columns[i].title;
	write_line(table, &plain, line, out);
	for (int i = 0; i < rule; i++)
		text_append_char(out, '-');
	text_append_char(out, '\n');
}

void table_write(struct table *table, struct table_looks looks, struct text *out)
{
	static const struct layout layouts[] = {
		[TABLE_RULED] = {.before = " ", .gap = 2},
		[TABLE_BARE] = {.before = "", .gap = 1},
		[TABLE_PLAIN] = {.before = "", .gap = 2},
	};
	struct layout layout = layouts[table->style];
	auto_free int *widths = memory_new(table->count, sizeof(*widths));
	auto_free const char **line = memory_new(table->count, sizeof(*line));
	bool header = table->style == TABLE_RULED && !looks.quiet;
	int rule = measure(table, header, widths, &layout.last);

	if (looks.width && table->style == TABLE_RULED)
		rule = fit(table, looks.width, widths, rule);
	layout.widths = table->style == TABLE_BARE ? NULL : widths;
	layout.terminal = looks.terminal;
	layout.colour = looks.colour;
	layout.fold = table->style == TABLE_PLAIN ? looks.width : 0;
	layout.indent = has_headings(table) ? 2 : 0;
	if (header)
		write_header(table, &layout, line, rule, out);
	for (size_t row = 0; row < table->rows; row++) {
		for (size_t i = 0; i < table->count; i++)
			line[i] = cell_at(table, row, i);
		write_heading(table, row, looks.colour, out);
		write_line(table, &layout, line, out);
		write_details(table, row, &layout, out);
	}
}
