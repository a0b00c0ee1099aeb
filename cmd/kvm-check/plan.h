// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be done about an examination's findings: each command once, in their order.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct examination;
struct finding;

struct step {
	const struct finding *finding; // that it is for
	const struct list *words;      // lent
	char *line;                    // for a shell
};

struct plan {
	struct step *steps;
	size_t count;
	struct list by_hand; // what takes a person
};

// Of what warns or fails and does not follow from something else.
void plan_make(struct plan *plan, const struct examination *x);
void plan_clear(struct plan *plan);
#define auto_plan __attribute__((cleanup(plan_clear)))

// Whether it warns or fails and there is something to do about it.
bool plan_needs(const struct finding *finding);

// The words as a shell takes them; the caller's.
char *plan_line(const struct list *words);
