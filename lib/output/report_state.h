// SPDX-License-Identifier: GPL-3.0-or-later
// Of lib/output alone: what report.c gathers and report_write.c writes.
#pragma once

#include "base/text.h"
#include "output/report.h"

struct json_object;

enum { DEPTH_MOST = 16 };

// An open object or list of the answer.
struct level {
	struct json_object *json;
	const struct field *fields; // of the object, or of the list's objects; NULL: not checked
	const struct field *plain;  // the list is one of texts or integers
	bool list;
};

struct report {
	FILE *out;
	struct report_looks looks;
	const struct field *results;
	enum shape shape;
	struct text text; // what people read, so far
	bool said;        // something that was done: a failure after it does not unsay it
	bool kept;        // the answers of some of many: they stand though others failed
	bool document;    // the text is a document, whose lines stand as they are
	int width;        // of the titles of fields
	struct table table;
	bool whole;                     // the open table is the whole answer
	bool shown;                     // it is for people only
	struct json_object *rows;       // of the open table; lent
	struct level stack[DEPTH_MOST]; // [0] is the answer
	int depth;                      // of the open level in it
	struct text message;            // all messages, for JSON
	struct text given;              // the JSON where its layout was given
	struct field *columns;          // of a table of many hosts; owned
};

// Writes the open table to the text.
void report_end_table(struct report *report);
// STRING goes to the text, harmless for a terminal.
void report_append(struct report *report, const char *string, bool lines);
// The answer as JSON, whole and with the wanted keys alone; lent.
struct json_object *report_answer(struct report *report);
