// SPDX-License-Identifier: GPL-3.0-or-later
// Kernel modules as the files of a machine show them: /sys/module, /proc/modules and
// /lib/modules/RELEASE.
#pragma once

#include <stdbool.h>

struct host;

enum module_state {
	MODULE_LOADED,
	MODULE_BUILT_IN,
	MODULE_LOADABLE, // there, not loaded
	MODULE_MISSING,  // the kernel's modules are there, this one is not among them
	MODULE_UNKNOWN,  // nothing tells
};

// NAME as the kernel writes it, with underscores. Reads as little as it can.
enum module_state module_look(struct host *host, const char *name);

// The module for the processor's own kind of virtualisation; NULL where kvm is all there is.
const char *module_of_processor(const struct host *host);

// "loaded", "built in", ...
const char *module_word(enum module_state state);

// Whether it serves now.
bool module_serves(enum module_state state);

// The value of a parameter of a module that is there, the caller's; NULL where it is not shown.
char *module_parameter(const struct host *host, const char *name, const char *parameter);
bool module_parameter_on(const struct host *host, const char *name, const char *parameter);

// Whether two spellings name the same module: dashes are underscores.
bool module_same_name(const char *a, const char *b);

// Whether it can be the name of a module at all: letters, digits, dashes, underscores.
bool module_is_name(const char *name);
