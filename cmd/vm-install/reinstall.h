// SPDX-License-Identifier: GPL-3.0-or-later
// `--reinstall GUEST`: a guest that exists is installed again.
#pragma once

struct error;
struct installation;

// The guest as it is defined, with what the installation needs for its first boot.
int reinstall_plan(struct installation *installation, struct error *err);
