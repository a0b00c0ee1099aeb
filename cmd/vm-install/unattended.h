// SPDX-License-Identifier: GPL-3.0-or-later
// `--unattended`: the installer is told all it would ask.
#pragma once

#include "guest/suboption.h"

struct error;
struct installation;

extern const struct suboption_table unattended_table;

int unattended_read(struct installation *installation, struct error *err);

// Writes the answers for the installer of the guest's system, and has it find them. The system must
// be known.
int unattended_prepare(struct installation *installation, struct error *err);
