// SPDX-License-Identifier: GPL-3.0-or-later
// `--cloud-init`: a cloud image is told at its first boot what to become.
#pragma once

#include "guest/suboption.h"

struct error;
struct installation;

extern const struct suboption_table cloud_init_table;

// Reads the option. Without a value it makes up a password for root and turns cloud-init off
// afterwards.
int cloud_init_read(struct installation *installation, struct error *err);

// Adds the drive with the seed to the guest, and makes the seed, a scratch file.
int cloud_init_attach(struct installation *installation, struct error *err);
