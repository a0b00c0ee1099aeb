// SPDX-License-Identifier: GPL-3.0-or-later
// What is loaded at each boot: modules-load.d(5) and modprobe.d(5).
#pragma once

#include "base/list.h"

struct error;
struct host;

// Makes the module be loaded at each boot, with PARAMETERS unless there are none: then those that
// were persisted before stay. A blacklist in /etc/modprobe.d that would keep it from being loaded
// is made a comment. The files go to *FILES; what keeps it from being loaded all the same (a
// package's file, a word of the kernel's command line) to *STANDING.
int module_persist(const struct host *host, const char *name, const struct list *parameters,
		   struct list *files, struct list *standing, struct error *err);

// Removes what module_persist() has written and puts back the blacklists that it lifted; the files
// go to *FILES.
int module_forget(const struct host *host, const char *name, struct list *files, struct error *err);
