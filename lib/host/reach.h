// SPDX-License-Identifier: GPL-3.0-or-later
// Whether another user, such as QEMU's, gets to a file. Root tries it, in a child that is that
// user; anybody else goes by the modes, and takes what has an ACL for open.
#pragma once

#include <stdbool.h>

struct account;
struct text;

// Appends the directories above PATH, an absolute one, that the user cannot go through: a blank and
// a word of a shell for each.
void reach_closed(const struct account *account, const char *path, struct text *closed);

// Whether the user may read the file PATH, once he is where it is.
bool reach_may_read(const struct account *account, const char *path);
