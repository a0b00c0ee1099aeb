// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands of storage pools share: the types there are, and how one is built.
#pragma once

struct call;
struct list;

// The flag of libvirt's list that selects pools of this type; 0: there is no such type.
unsigned pool_type_flag(const char *name);

// For completion.
void pool_type_names(struct call *call, struct list *found);

// clang-format off
// What is written over, where a pool is built as it is created.
#define POOL_BUILD_FLAGS \
	FLAG("build", VIR_STORAGE_POOL_CREATE_WITH_BUILD, "create what it needs first"), \
	FLAG("no-overwrite", VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE, \
	     "make it, but never over data that is there"), \
	FLAG("overwrite", VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE, \
	     "make it, over data that is there too")
// clang-format on
