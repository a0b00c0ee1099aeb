// SPDX-License-Identifier: GPL-3.0-or-later
// What /proc/cpuinfo says about the processor.
#pragma once

#include <stdbool.h>

#include "base/list.h"

struct cpu {
	const char *architecture; // as uname names it; NULL where the text does not show it
	char *vendor;             // "GenuineIntel", ...; NULL where it has none
	char *model;              // for people; NULL where it has none
	char *flags;              // those of the first processor, " a b c "; never NULL
	char *vmx_flags;          // Intel's features of VMX, likewise; "" where they are not listed
	char *platform;           // POWER: "PowerNV" on bare metal, "pSeries" in a partition
	char *isa;                // RISC-V: "rv64imafdch_zicsr"
	char *implementer;        // Arm: "0x41"
	char *number;             // Arm's part, IBM Z's machine type, POWER's machine
	char *maker;              // Arm's implementer of the processor that was read last
	struct list parts;        // Arm: "0x41 0xd05", each kind of core once
};

// Never fails: what the text does not tell is left out.
void cpu_parse(struct cpu *cpu, const char *cpuinfo);
void cpu_clear(struct cpu *cpu);

bool cpu_has(const struct cpu *cpu, const char *flag);
bool cpu_has_vmx_feature(const struct cpu *cpu, const char *feature);
bool cpu_is_x86(const struct cpu *cpu);

// The level of x86-64 that all flags of are there, 1 to 4; 0 for another or a 32-bit processor.
int cpu_level(const struct cpu *cpu);
