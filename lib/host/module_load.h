// SPDX-License-Identifier: GPL-3.0-or-later
// Loading and unloading modules of this machine.
#pragma once

#include "base/list.h"

struct error;
struct host;
struct kmod_library;
struct module_info;

// Whether each of WORDS is NAME=VALUE with a parameter of the module, and plain enough to be
// written into a file of modprobe.d. The kernel itself takes no notice of a parameter that it does
// not know.
int module_load_check(const struct module_info *info, const struct list *words, struct error *err);

// Loads the module with PARAMETERS (NAME=VALUE) and whatever it depends on. The names of what was
// not there before go to *LOADED. On failure nothing more is loaded than before.
int module_load(const struct kmod_library *library, struct host *host, const char *name,
		const struct list *parameters, struct list *loaded, struct error *err);

// Unloads the module and what it depended on and nothing else uses; their names go to *UNLOADED. A
// module of KVM's that runs guests is refused with their names (STATUS_CONFLICT); one that is not
// loaded is no error.
int module_unload(const struct kmod_library *library, struct host *host, const char *name,
		  struct list *unloaded, struct error *err);
