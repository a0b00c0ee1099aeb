// SPDX-License-Identifier: GPL-3.0-or-later
// What vm-install has to say.
#pragma once

#include "output/field.h"

struct error;
struct installation;

extern const struct field install_results[];

// The XML of a phase ("1", "2", "all"), or with NULL of all there are.
int answer_xml(struct installation *installation, const char *phase, struct error *err);

// What is planned, or was made; what only people read comes at the end.
void answer_plan(struct installation *installation);
void answer_made(struct installation *installation);

// A step is over that began at START (of clock_milliseconds()).
void answer_step(struct installation *installation, long long start, const char *what);
