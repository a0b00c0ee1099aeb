// SPDX-License-Identifier: GPL-3.0-or-later
// What a module says about itself, as modinfo(8) shows it, and the values that its parameters have
// now.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "host/module.h"

struct host;
struct kmod_library;

struct module_parameter {
	char *name;
	char *type;        // "bool", "int", ...; NULL where it is not told
	char *description; // NULL where there is none
	char *value;       // now; NULL where it is not loaded or does not show it
};

struct module_info {
	char *name;
	enum module_state state;
	char *file; // as its machine sees it; "(builtin)" where it is in the kernel itself
	char *description, *version, *license, *source_version, *vermagic;
	char *signer, *hash; // NULL where it is not signed
	char *signature_id, *signature_key, *signature;
	struct list authors, depends, soft_depends, aliases;
	struct list users; // modules that use it now
	struct module_parameter *parameters;
	size_t count; // of parameters
};

// NAME as people write it, with dashes or underscores. What nothing tells stays empty.
void module_info_read(struct module_info *info, struct host *host,
		      const struct kmod_library *library, const char *name);

// The parameter of this name, or NULL.
const struct module_parameter *module_info_parameter(const struct module_info *info,
						     const char *name);

void module_info_clear(struct module_info *info);
#define auto_module_info __attribute__((cleanup(module_info_clear)))
