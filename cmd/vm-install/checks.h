// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold before anything is made; a dry run asks the same.
#pragma once

struct checks;
struct error;
struct installation;

// `--check path_in_use=off,...`
int checks_parse(const char *text, struct checks *checks, struct error *err);

// The guest's name is free, nobody else uses its disks or MAC addresses, there is room for new
// disks.
int checks_run(struct installation *installation, struct error *err);
