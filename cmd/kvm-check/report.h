// SPDX-License-Identifier: GPL-3.0-or-later
// What an examination found, for people and as JSON.
#pragma once

struct examination;
struct report;

// How much people see of it.
enum report_depth {
	REPORT_VERDICT, // one sentence
	REPORT_FOLDED, // the verdict, what is wrong with its fix, a line for each group that passes
	REPORT_ALL,    // each check
};

void report_examination(struct report *report, const struct examination *x,
			enum report_depth depth);

// The figures of its probe, for one that has only been run to measure.
void report_bench(struct report *report, const struct examination *x);

// The groups that can be asked for.
void report_groups_of_checks(struct report *report);
