// SPDX-License-Identifier: GPL-3.0-or-later
// `--explain`: where each part of the guest's XML comes from.
#pragma once

struct error;
struct installation;

int explain(struct installation *installation, struct error *err);
