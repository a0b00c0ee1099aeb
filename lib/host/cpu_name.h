// SPDX-License-Identifier: GPL-3.0-or-later
// Names for processors that /proc/cpuinfo knows by numbers.
#pragma once

struct cpu;

// Names the model of Arm's cores (all kinds that there are: "Cortex-A55 + Cortex-A76") and of IBM
// Z's machine types, where nothing has named it.
void cpu_name(struct cpu *cpu);
