// SPDX-License-Identifier: GPL-3.0-or-later
// The handler of vm-install.
#pragma once

struct context;
struct error;

int run_install(struct context *context, struct error *err);
