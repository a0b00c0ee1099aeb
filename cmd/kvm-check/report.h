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

// Parts of it: all findings, as JSON and as people read them; a text in lines of 80 columns behind
// LABEL, which JSON has none of.
void report_findings(struct report *report, const struct examination *x);
void report_each_finding(struct report *report, const struct examination *x);
void report_paragraph(struct report *report, const char *label, const char *text);

// The figures of its probe, for one that has only been run to measure.
void report_bench(struct report *report, const struct examination *x);

// The groups that can be asked for.
void report_groups_of_checks(struct report *report);
