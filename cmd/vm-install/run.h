// SPDX-License-Identifier: GPL-3.0-or-later
// The handler of vm-install.
#pragma once

struct call;
struct error;

int run_install(struct call *call, struct error *err);
