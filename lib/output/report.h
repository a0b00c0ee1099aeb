// SPDX-License-Identifier: GPL-3.0-or-later
// What a command has to say. A handler reports results as data; whether people read them as text
// (vmctl: virsh's bytes) or a program reads them as JSON is decided here.
//
// JSON: a table without a key is an array of objects; everything else gathers in one object.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output/table.h"
#include "output/value.h"

struct error;
struct json;
struct report;

struct report_looks {
	bool json;
	bool one_line; // JSON on one line, for streams of documents
	bool quiet;    // no messages and no table headers
	bool terminal; // control characters are shown as \xNN
	bool colour;
	int width; // of the terminal, 0 where lines may be as long as they are
};

struct report *report_new(FILE *out, struct report_looks looks);
void report_free(struct report *report);
bool report_is_json(const struct report *report);

// Writes what people are to read before the command goes on to something long.
int report_flush(struct report *report, struct error *err);

// Writes what was reported; with FAILED only what stands on its own (no empty table, no empty
// JSON).
int report_finish(struct report *report, bool failed, struct error *err);

// A table follows, with rows of as many values as COLUMNS has entries before its NULL title. KEY
// names its rows in JSON, NULL when they are all that there is; bit N of HIDDEN leaves out column
// N.
void report_table(struct report *report, const char *key, enum table_style style,
		  const struct column *columns, unsigned long hidden);
void report_row(struct report *report, const struct value *values);

// Fields follow with their titles padded to WIDTH columns and a blank before the value (0: no
// padding; the value alone where the title is empty).
void report_layout(struct report *report, int width);

// One "title value" line, which is {"key": value} in JSON. An empty TITLE is left out; a NULL TITLE
// leaves out the line.
void report_field(struct report *report, const char *title, const char *key, struct value value);

// A document, such as domain XML, as it is; a string in JSON.
void report_document(struct report *report, const char *key, const char *document);

// A document of its own making: the member KEY, the next element of the open list, or, with KEY
// NULL and nothing open, all there is. Text shows nothing of it.
void report_json(struct report *report, const char *key, const struct json *json);

// The whole JSON in the layout that another program gave it, with its newline; nothing else may be
// reported. Text shows nothing of it.
void report_json_text(struct report *report, const char *text);

// For people only, left out by --quiet: FORMAT brings its own newlines. {"message": ...} in JSON.
void report_message(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// For people only, never left out, nothing in JSON: headings and blank lines.
void report_heading(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// Fields and tables between open and close are the member KEY of the object around them. Directly
// inside a list a KEY says nothing. A list with a NULL key that comes first is the whole document.
// The text shows nothing of all this.
void report_open(struct report *report, const char *key);
void report_open_list(struct report *report, const char *key);
void report_close(struct report *report);
