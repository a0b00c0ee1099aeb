// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/options.h"

#include <stddef.h>

#include "base/error.h"
#include "base/list.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "image/image.h"
#include "image/settings.h"

const char *const options_human_or_json[] = {"human", "json", NULL};

const char *const options_caches[] = {"none",       "writeback", "writethrough",
				      "directsync", "unsafe",    NULL};

const char *const options_preallocations[] = {"off", "metadata", "falloc", "full", NULL};

bool options_declared(const struct call *call, const char *name)
{
	return option_find(call->arguments->options, name, &(const char *){NULL});
}

bool options_help(const struct call *call)
{
	const struct list *given = argument_list(call, "options");

	for (size_t i = 0; i < given->count; i++) {
		auto_settings struct settings settings = {0};
		auto_error struct error ignored = {0};

		if (settings_add(&settings, given->items[i], &ignored) == 0 &&
		    (settings_get(&settings, "help") || settings_get(&settings, "?")))
			return true;
	}
	return false;
}

bool options_replace(const struct call *call)
{
	return call->context->peer || argument_flag(call, "force");
}

void options_formats(struct call *call, struct list *found)
{
	(void)call;
	for (size_t i = 0; image_format_name(i); i++)
		list_add(found, image_format_name(i));
}
