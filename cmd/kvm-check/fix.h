// SPDX-License-Identifier: GPL-3.0-or-later
// The fixes of what warns or fails: as a script to read, or carried out.
#pragma once

struct call;
struct error;
struct examination;

// Reports a shell script.
void fix_report(struct call *call, const struct examination *x);

// Asks, and runs its commands one after the other. A command that fails leaves out those that
// belong to the same finding; then the exit status is STATUS_PARTIAL.
int fix_apply(struct call *call, const struct examination *x, struct error *err);
