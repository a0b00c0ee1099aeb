// SPDX-License-Identifier: GPL-3.0-or-later
// What a recorded machine has beside its files: device nodes with their permissions, who asked,
// what the processor and the probe said. One "key=value" a line in the file FACTS_FILE of the tree;
// lines that begin with '#' are for people.
#pragma once

#include <stdbool.h>

#include "base/list.h"

struct error;
struct root;

#define FACTS_FILE "/machine.facts"

struct facts {
	struct list keys, values;
	bool recorded; // there is such a file: what it does not tell is not there
	struct list
		*asked; // the keys that were asked for and found go there; NULL for nowhere; lent
};

// Reads those of ROOT; this machine has none.
void facts_read(struct facts *facts, const struct root *root);

void facts_parse(struct facts *facts, const char *text);
void facts_add(struct facts *facts, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
// The value, lent, or NULL.
const char *facts_get(const struct facts *facts, const char *key);
double facts_number(const struct facts *facts, const char *key, double otherwise);

// All as text, the caller's.
char *facts_string(const struct facts *facts);
void facts_clear(struct facts *facts);
#define auto_facts __attribute__((cleanup(facts_clear)))
