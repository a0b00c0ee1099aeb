// SPDX-License-Identifier: GPL-3.0-or-later
// A JSON document as text: one layout whatever json-c is installed, so all that is written goes
// through here. For lib/output.
#pragma once

struct json_object;
struct text;

enum json_layout {
	JSON_INDENTED, // by two blanks, a member or element a line, [] and {} where there is none
	JSON_ONE_LINE, // without blanks, as a line of a stream
};

// Appends JSON, which is valid UTF-8 already; NULL is null. No newline at the end.
void json_write(struct text *out, struct json_object *json, enum json_layout layout);
