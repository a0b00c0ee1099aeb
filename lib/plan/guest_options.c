// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/guest_options.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "guest/os.h"
#include "output/report.h"

void guest_options_systems(struct call *call, struct list *found)
{
	(void)call;
	os_names(found);
	list_add(found, "list");
}

void guest_options_complete(struct call *call, table_of tables, struct list *found)
{
	const struct suboption_table *table = tables(call->option->name);
	const char *comma = strrchr(call->typed, ',');
	int before = comma ? (int)(comma + 1 - call->typed) : 0;
	auto_list struct list names = {0};

	if (table)
		suboptions_names(table, false, &names);
	for (size_t i = 0; i < names.count; i++)
		list_add_format(found, "%.*s%s=", before, call->typed, names.items[i]);
}

// The sub-options that are asked for; false where none are.
static bool list_suboptions(struct call *call, table_of tables, struct list *names)
{
	bool any = false;

	for (const struct option *o = call->command->options; o->kind != OPTION_END; o++) {
		const struct suboption_table *table =
			o->kind == OPTION_TEXT ? tables(o->name) : NULL;
		const struct list *values = table ? argument_list(call, o->name) : NULL;

		for (size_t i = 0; values && i < values->count; i++) {
			if (!suboptions_asked(values->items[i]))
				continue;
			suboptions_names(table, true, names);
			any = true;
			break;
		}
	}
	return any;
}

bool guest_options_answer(struct call *call, table_of tables)
{
	auto_list struct list names = {0};

	if (!list_suboptions(call, tables, &names)) {
		if (!text_equal(argument_text(call, "osinfo"), "list"))
			return false;
		os_names(&names);
	}
	report_layout(call->report, 0);
	report_texts(call->report, "names", &names);
	return true;
}
