// SPDX-License-Identifier: GPL-3.0-or-later
// `--install`
#pragma once

#include "guest/suboption.h"

struct error;
struct guest;
struct installation;

extern const struct suboption_table install_table;

int install_read(struct installation *installation, const char *text, struct error *err);

// Arguments for the kernel of the installation, behind those there are.
void install_add_arguments(struct guest *guest, const char *arguments);
