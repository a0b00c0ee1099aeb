// SPDX-License-Identifier: GPL-3.0-or-later
// Asking before something is lost.
#pragma once

#include <stdbool.h>

struct call;
struct error;

// Says WHAT would be lost or changed and asks whether to go on. The command's --yes answers it;
// where nobody can be asked it is refused with STATUS_CONFIRM.
int confirm(struct call *call, const char *what, struct error *err);

// Asks QUESTION until yes or no is answered on standard input, terminal or not; its end means no.
bool confirm_answer(struct call *call, const char *question);
