// SPDX-License-Identifier: GPL-3.0-or-later
// What would be spoiled with an image that is replaced.
#pragma once

struct call;
struct error;

// Fails, with --force, where PATH is an image on which others stand: those in its directory, and
// where libvirt's daemon runs, those in pools and of guests. It names the first of them.
int dependents_check(struct call *call, const char *path, struct error *err);
