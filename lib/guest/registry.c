// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "base/text.h"
#include "guest/option.h"
#include "guest/registry.h"

#define ADDRESS(identifier_, letter_, traits_, name_, help_) &identifier_##_option,
static const struct guest_option *const options[] = {GUEST_OPTIONS(ADDRESS) NULL};

const struct guest_option *option_at(unsigned index)
{
	return options[index];
}

const struct guest_option *option_named(const char *name)
{
	for (const struct guest_option *const *option = options; *option; option++)
		if (text_equal(option_name(*option), name))
			return *option;
	return NULL;
}
