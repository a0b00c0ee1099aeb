// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check --watch
#pragma once

struct context;
struct error;
struct host;

// Shows KVM's statistics again and again, as --interval and --count say, until a signal comes.
int watch_run(struct context *context, const struct host *host, struct error *err);
