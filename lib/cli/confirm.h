// SPDX-License-Identifier: GPL-3.0-or-later
// Asking before something is lost.
#pragma once

struct call;
struct error;

// Says WHAT would be lost or changed and asks whether to go on. The command's --yes answers it;
// where nobody can be asked it is refused with STATUS_CONFIRM.
int confirm(struct call *call, const char *what, struct error *err);
