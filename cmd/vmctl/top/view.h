// SPDX-License-Identifier: GPL-3.0-or-later
// Which guests `top` shows, in which order and how.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;
struct top_guest;
struct top_sample;

extern const char *const top_keys[]; // that guests are sorted by; ends with NULL

// "cpu>10": guests of which it is true.
struct top_filter {
	unsigned key;
	char order; // '>', '<' or '='
	bool equal; // of '>' and '<': that much too
	double number;
};

struct top_view {
	unsigned key; // of top_keys
	bool reverse;
	struct top_filter *filters;
	size_t filter_count;
	struct list names; // globs; none: all. Owned
};

// KEY, one of > >= < <= =, and a size or percentage.
int top_filter_parse(const char *string, struct top_filter *filter, struct error *err);

// The key that the user types for it, or false.
bool top_view_key(struct top_view *view, int typed);

// The guests that are shown, in their order: a list that the caller frees, ended by NULL.
const struct top_guest **top_select(const struct top_view *view, const struct top_sample *sample);

// A heading, the titles and a line a guest.
void top_lines(const struct top_view *view, const struct top_sample *sample, struct list *lines);

void top_view_clear(struct top_view *view);
#define auto_top_view __attribute__((cleanup(top_view_clear)))
