// SPDX-License-Identifier: GPL-3.0-or-later
// An examination as people read it: the verdict first, in lines of 80 columns.
#pragma once

#include "cmd/kvm-check/report.h"

void report_text(struct report *report, const struct examination *x, enum report_depth depth);

// OUTCOMES are the words for those of stages.
void report_bench_text(struct report *report, const struct examination *x,
		       const char *const *outcomes);
