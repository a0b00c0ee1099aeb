// SPDX-License-Identifier: GPL-3.0-or-later
// Soundness of a program's tables, walked by the tests: what a compiler cannot see.
#pragma once

struct list;
struct program;

// Adds a sentence to FAULTS for each thing wrong with the tables.
void check_program(const struct program *program, struct list *faults);
