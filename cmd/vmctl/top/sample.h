// SPDX-License-Identifier: GPL-3.0-or-later
// What `top` knows of guests at one moment: a row for each figure, from which the columns, the
// JSON, the recording and the keys come.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "output/field.h"

struct call;
struct error;
struct json;

enum top_figure {
	TOP_CPU,
	TOP_STEAL,
	TOP_WAIT,
	TOP_MEMORY,
	TOP_RESIDENT,
	TOP_READ,
	TOP_WRITE,
	TOP_RECEIVE,
	TOP_SEND,
	TOP_FIGURES
};

struct top_row {
	const char *key, *title;
	enum field_type type; // FIELD_PERCENT of one CPU, FIELD_BYTES or FIELD_BYTES_PER_SECOND
	const char *help;
	const char *group, *field; // of libvirt's statistics,
	const char *count;         // of each of so many; NULL: there is one
	double scale;              // from libvirt's unit
	bool rate;                 // it is how much of it comes in a second
};
extern const struct top_row top_rows[TOP_FIGURES];

struct top_guest {
	char *name, *host, *state; // host: NULL where there is only one
	bool answered;             // its QEMU has
	bool counted[TOP_FIGURES]; // whether the host has told it
	double counts[TOP_FIGURES];
	bool known[TOP_FIGURES];
	double figures[TOP_FIGURES]; // for people; what is not known is 0
};

struct top_sample {
	char *time;             // RFC 3339
	long long milliseconds; // of a clock that only goes forward
	struct top_guest *guests;
	size_t count;
};

// Asks all hosts of the call once. STATUS_PARTIAL where some did not answer.
int top_ask(struct call *call, struct top_sample *sample, struct error *err);

// The rates since the sample before.
void top_compare(struct top_sample *sample, const struct top_sample *before);

void top_clear(struct top_sample *sample);
#define auto_top_sample __attribute__((cleanup(top_clear)))

// The guest as `top --json` and a recording have it, and back; the caller's.
struct json *top_guest_json(const struct top_guest *guest);
// One line of a recording. Its milliseconds count from 1970.
int top_read(const char *line, struct top_sample *sample, struct error *err);

// What the JSON of a guest has.
extern const struct field top_guest_fields[];
