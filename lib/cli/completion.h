// SPDX-License-Identifier: GPL-3.0-or-later
// The tables as bash words: `help --bash`, used by the build. The functions that use them are in
// completions/.
#pragma once

struct program;
struct text;

void completion_write(struct text *out, const struct program *program);
