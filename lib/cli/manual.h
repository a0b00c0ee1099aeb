// SPDX-License-Identifier: GPL-3.0-or-later
// The tables as the option and command sections of a man page: `help --man`, used by the build.
#pragma once

struct program;
struct text;

void manual_write(struct text *out, const struct program *program);
