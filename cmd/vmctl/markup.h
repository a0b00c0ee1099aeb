// SPDX-License-Identifier: GPL-3.0-or-later
// XML written line by line from what options give.
#pragma once

#include <stdbool.h>

#include "base/text.h"

struct markup {
	struct text text;
	bool plain; // values stay as they are, as virsh has it with --print-xml
};

// FORMAT with the values, which are strings, in the places of each %s: their special characters as
// entities. Nothing at all where one of them is NULL.
void markup_add(struct markup *markup, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void markup_clear(struct markup *markup);
#define auto_markup __attribute__((cleanup(markup_clear)))
