// SPDX-License-Identifier: GPL-3.0-or-later
// A secret typed by the user.
#pragma once

struct call;
struct error;

// Asks with PROMPT, on standard error, for a line that is not shown while it is typed. Where nobody
// types it is a line of standard input. The caller's, to be wiped; NULL when interrupted.
char *password_ask(struct call *call, const char *prompt, struct error *err);
