// SPDX-License-Identifier: GPL-3.0-or-later
// Hardware virtualisation of processors that are no x86.
#pragma once

struct examination;

void cpu_other(struct examination *x);
