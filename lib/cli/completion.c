// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/completion.h"

#include <stdbool.h>

#include "base/text.h"
#include "cli/command.h"

// "--all --domain= ": a trailing `=` tells that a value follows.
static void append_options(struct text *out, const struct option *options)
{
	for (const struct option *o = options; o && o->kind != OPTION_END; o++)
		if (option_is_shown(o))
			text_append_format(out, " --%s%s", o->name,
					   option_takes_value(o) ? "=" : "");
}

static void write_command(struct text *out, const char *key, const struct option *options)
{
	text_append_format(out, "\t['%s']='", key);
	append_options(out, options);
	text_append(out, " --json --help'\n");
}

void completion_write(struct text *out, const struct program *program)
{
	text_append_format(out, "_vmkit_words['%s']='", program->name);
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (!((*c)->traits & COMMAND_HIDDEN))
				text_append_format(out, "%s ", (*c)->name);
	text_append(out, "'\n_vmkit_options+=(\n");
	text_append_format(out, "\t['%s']='", program->name);
	append_options(out, program->globals->options);
	if (program->otherwise)
		append_options(out, program->otherwise->options);
	text_append(out, " --json --help'\n");
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++) {
			auto_text struct text key = {0};

			text_append_format(&key, "%s %s", program->name, (*c)->name);
			write_command(out, text_string(&key), (*c)->options);
		}
	text_append(out, ")\n");
}
