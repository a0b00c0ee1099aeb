// SPDX-License-Identifier: GPL-3.0-or-later
// What an examination found, for people and as JSON.
#pragma once

#include <stdbool.h>

struct examination;
struct report;

// With QUIET people see only what warns or fails.
void report_examination(struct report *report, const struct examination *x, bool quiet);

// The figures of its probe, for one that has only been run to measure.
void report_bench(struct report *report, const struct examination *x);

// The groups that can be asked for.
void report_groups_of_checks(struct report *report);
