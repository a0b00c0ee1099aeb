// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/options.h"

#include <stddef.h>

#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "image/image.h"

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
	const struct list *settings = argument_list(call, "options");

	for (size_t i = 0; i < settings->count; i++)
		if (text_equal(settings->items[i], "help") || text_equal(settings->items[i], "?"))
			return true;
	return false;
}

void options_formats(struct call *call, struct list *found)
{
	(void)call;
	for (const char *const *name = image_formats(); *name; name++)
		list_add(found, *name);
}
