// SPDX-License-Identifier: GPL-3.0-or-later
// What is loaded at each boot: modules-load.d(5) and modprobe.d(5).
#pragma once

#include "base/list.h"

struct error;

// Makes the module be loaded at each boot, with PARAMETERS unless there are none: then those that
// were persisted before stay. The files go to *FILES.
int module_persist(const char *name, const struct list *parameters, struct list *files,
		   struct error *err);

// Removes what module_persist() has written; the files that there were go to *FILES.
int module_forget(const char *name, struct list *files, struct error *err);
