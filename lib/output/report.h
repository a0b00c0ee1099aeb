// SPDX-License-Identifier: GPL-3.0-or-later
// What a command has to say. A handler reports results as data; whether people read them as text
// (vmctl: virsh's bytes) or a program reads them as JSON is decided here.
//
// The command's table declares the results (field.h). A key that is not declared, a value of
// another type, or calls in a wrong order are faults of the program: they end it by an assert,
// rather than giving half an answer.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output/field.h"
#include "output/table.h"
#include "output/value.h"

struct error;
struct json;
struct list;
struct report;

struct report_looks {
	bool json;
	bool one_line; // JSON on one line, for streams of documents
	bool quiet;    // no messages and no table headers
	bool terminal; // control characters are shown as \xNN
	bool colour;
	int width;               // of the terminal, 0 where lines may be as long as they are
	const struct list *keys; // JSON: only these of the results; NULL or empty for all. Lent
};

// RESULTS and SHAPE are the command's; field_none where it has nothing but messages.
struct report *report_new(FILE *out, struct report_looks looks, const struct field *results,
			  enum shape shape);
void report_free(struct report *report);
bool report_is_json(const struct report *report);

// Whether anybody sees KEY of the results: what nobody sees need not be asked for.
bool report_wants(const struct report *report, const char *key);

// Whether the open object may have a member KEY.
bool report_declares(const struct report *report, const char *key);

// Writes what people are to read before the command goes on to something long.
int report_flush(struct report *report, struct error *err);

// Writes what was reported. With FAILED nothing is written: a failure leaves standard output
// empty, but for messages of what was done before it.
int report_finish(struct report *report, bool failed, struct error *err);

// A list follows, with a row for each of its objects: of as many values as it has fields. KEY is
// the list's own, NULL when the list is the whole answer. People see a table; bit N of HIDDEN
// leaves out its column N, and JSON has it all the same: value_unasked() leaves out a key.
void report_list(struct report *report, const char *key, enum table_style style,
		 unsigned long hidden);
void report_row(struct report *report, const struct value *values);

// Fields follow with their titles padded to WIDTH columns and a blank before the value (0: no
// padding; the value alone where the title is empty).
void report_layout(struct report *report, int width);

// One "title value" line of the text, with the title that is declared, and {"key": value} in JSON.
// An empty title is left out; without a title there is no line. Directly inside an open list of
// texts or integers it adds an element, and KEY is the list's.
void report_value(struct report *report, const char *key, struct value value);

// The same with a title that only the run knows, NULL for no line. With KEY NULL it is for people
// only.
void report_field(struct report *report, const char *title, const char *key, struct value value);

// A document, such as domain XML, as it is; a string in JSON.
void report_document(struct report *report, const char *key, const char *document);

// Bytes of any kind, as they are; in JSON their base64.
void report_bytes(struct report *report, const char *key, const void *bytes, size_t length);

// For people only, nothing in JSON: bytes of any kind, written at once. A terminal gets them
// without what would drive it.
int report_passage(struct report *report, const char *bytes, size_t length, struct error *err);

// A document that is made already: the member KEY, the next element of the open list, or, with KEY
// NULL and nothing open, all there is. Text shows nothing of it.
void report_json(struct report *report, const char *key, const struct json *json);

// The whole JSON in the layout that another program gave it, TEXT with its newline; nothing else
// may be reported. Text shows nothing of it. Fails where that program says something else than what
// is declared.
int report_json_text(struct report *report, const struct json *json, const char *text,
		     struct error *err);

// For people only, left out by --quiet: FORMAT brings its own newlines. {"message": ...} in the
// JSON of an object.
void report_message(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// For people only, never left out, nothing in JSON: headings, blank lines, and values in a form of
// their own.
void report_heading(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// The same for a verdict (pass, note, warn, fail), padded to WIDTH columns and coloured by what it
// says where that is welcome.
void report_verdict(struct report *report, const char *word, int width);

// What follows is shown on an empty screen, where there is a terminal.
void report_fresh_screen(struct report *report);

// Fields and lists between open and close are the member KEY of the object around them, or with
// KEY NULL the next object of the list around them. A list with a NULL key that comes first is the
// whole answer. The text shows nothing of all this.
void report_open(struct report *report, const char *key);
void report_open_list(struct report *report, const char *key);
void report_close(struct report *report);

// The whole list KEY, of FIELD_TEXTS.
void report_texts(struct report *report, const char *key, const struct list *texts);

// Of a stream: one record is complete. It is written at once.
int report_next(struct report *report, struct error *err);

// Where one of many parts of an answer comes from; what is NULL is not said.
struct report_label {
	const char *host;
	const char *object;
};

// REPORT is of many hosts or objects, be it that none of them has an answer.
void report_many(struct report *report);

// Puts what PART holds, which was made for one of them, behind what REPORT, the answer of all, has.
// JSON: an array, each element with the key "host" (and "name", where it names no object itself).
// Text: lists become one table with a column for the host, each other line names its host and
// object.
void report_adopt(struct report *report, struct report *part, struct report_label label);

// For people only, nothing in JSON: a table with columns of its own, for what a list of results
// cannot show. Bit N of HIDDEN leaves out column N.
void report_table(struct report *report, enum table_style style, const struct field *columns,
		  unsigned long hidden);
