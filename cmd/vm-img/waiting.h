// SPDX-License-Identifier: GPL-3.0-or-later
// The bar of a command that does its work on the bytes of a file itself.
#pragma once

#include "output/progress.h"

struct call;

// A bar where someone sees it and --quiet was not given; NULL otherwise.
struct progress *waiting_bar(struct call *call);

// As much is to be done as the file PATH takes on the disk.
void waiting_total(struct progress *progress, const char *path);

// The `hear` of a struct sparse_listener, whose data is the bar.
void waiting_hear(void *progress, unsigned long long done);

// The `progress` of a struct qemu_img, likewise.
void waiting_hear_part(void *progress, double part);
