// SPDX-License-Identifier: GPL-3.0-or-later
// The CPU models of QEMU and libvirt, by what they ask of a processor in the words of
// /proc/cpuinfo.
#pragma once

#include "base/list.h"

struct cpu_model {
	const char *name;
	const char *vendor; // that it belongs to, as /proc/cpuinfo has it; NULL for any
	const char *base;   // the model below it in its line; NULL for the lowest
	const char *flags;  // that it asks for beyond that one
};

// That of a name, or NULL. Names with the endings of their variants (-IBRS, -noTSX, -v2) are those
// of their model.
const struct cpu_model *cpu_model_find(const char *name);

// The flags that it needs and FLAGS (" a b c ") has not.
struct list cpu_model_missing(const struct cpu_model *model, const char *flags);

// The models from the best one down; NULL behind the last.
const struct cpu_model *cpu_model_at(size_t index);
