// SPDX-License-Identifier: GPL-3.0-or-later
// One word for many objects: globs (web*), lists (a,b), ranges (web[01-20]), states (@running,
// @off, @all) and labels (@label=x).
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct error;

// A term is what stands between two commas.
struct selector {
	struct list terms;
};

// Whether WORD, which is no object's name, is a selector.
bool selector_is(const char *word);

// Fails where a term makes no sense.
int selector_parse(const char *word, struct selector *selector, struct error *err);
void selector_clear(struct selector *selector);
#define auto_selector __attribute__((cleanup(selector_clear)))

// What a selector asks about an object.
struct selected {
	const char *name;
	const char *state;         // "running", "paused", "off", or NULL where the kind has none
	bool active;               // what @active and @inactive ask
	const struct list *labels; // NULL where it has none
};

// Whether the term takes OBJECT.
bool selector_takes(const char *term, const struct selected *object);

// Whether a term asks for labels, which cost a question for each object.
bool selector_wants_labels(const struct selector *selector);

// Whether a term names one object, with nothing that could stand for others.
bool selector_is_name(const char *term);
