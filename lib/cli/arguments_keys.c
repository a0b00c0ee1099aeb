// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of --json=KEY,KEY: what is wanted of the results.
#include <stddef.h>

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command.h"

int arguments_check_keys(const struct arguments *arguments, struct error *err)
{
	const struct field *results = arguments->command->results;
	auto_text struct text known = {0};

	for (size_t i = 0; i < arguments->keys.count; i++) {
		if (!results || field_find(results, arguments->keys.items[i]) ||
		    text_equal(arguments->keys.items[i], "message"))
			continue;
		for (const struct field *f = results; f->key; f++)
			text_append_format(&known, "%s%s", known.length ? ", " : "", f->key);
		error_set(err, STATUS_USAGE, "'%s' has no result '%s'", arguments->command->name,
			  arguments->keys.items[i]);
		return error_hint(err, "its results are %s", text_string(&known));
	}
	return 0;
}

int arguments_take_keys(struct arguments *arguments, const struct list *keys, struct error *err)
{
	// A command that only does something has none of them.
	if (arguments->keys.count || arguments->help || !field_count(arguments->command->results))
		return 0;
	for (size_t i = 0; i < keys->count; i++)
		list_add(&arguments->keys, keys->items[i]);
	return arguments_check_keys(arguments, err);
}
