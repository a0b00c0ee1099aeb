// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check --watch
#pragma once

struct call;
struct error;
struct host;

// Shows KVM's statistics again and again, as --interval and --count say, until a signal comes.
int watch_run(struct call *call, const struct host *host, struct error *err);
