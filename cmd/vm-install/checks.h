// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at before anything is made.
#pragma once

struct error;
struct installation;

// Reads all of --check.
int checks_read(struct installation *installation, struct error *err);

// Whether the name, the networks and the MAC addresses are free or there, and the storage's checks.
int checks_run(struct installation *installation, struct error *err);
