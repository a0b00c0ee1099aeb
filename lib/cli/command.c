// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include <string.h>

#include "base/text.h"

const struct command *command_find(const struct program *program, const char *name)
{
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (text_equal((*c)->name, name) ||
			    ((*c)->alias && text_equal((*c)->alias, name)))
				return *c;
	return NULL;
}

enum grammar command_grammar(const struct program *program, const struct command *command)
{
	return command->traits & COMMAND_GNU ? GRAMMAR_GNU : program->grammar;
}

const struct group *command_group(const struct program *program, const struct command *command)
{
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (*c == command)
				return group;
	return NULL;
}

// OPTION itself, or what it is an alias for.
static const struct option *resolved(const struct option *options, const struct option *option,
				     const char **value)
{
	const char *equals;
	size_t length;

	if (option->kind != OPTION_ALIAS)
		return option;
	equals = strchr(option->value, '=');
	length = equals ? (size_t)(equals - option->value) : strlen(option->value);
	for (const struct option *o = options; o->kind != OPTION_END; o++) {
		if (strlen(o->name) != length || strncmp(o->name, option->value, length) != 0)
			continue;
		if (equals)
			*value = equals + 1;
		return o;
	}
	return NULL;
}

const struct option *option_find(const struct option *options, const char *name, const char **value)
{
	if (!options)
		return NULL;
	for (const struct option *o = options; o->kind != OPTION_END; o++)
		if (text_equal(o->name, name))
			return resolved(options, o, value);
	return NULL;
}

size_t option_count(const struct option *options)
{
	size_t count = 0;

	while (options && options[count].kind != OPTION_END)
		count++;
	return count;
}

const struct option *option_behind(const struct option *options)
{
	for (const struct option *o = options; o->kind != OPTION_END; o++)
		if (o->traits & BEHIND)
			return o;
	return NULL;
}

bool option_takes_value(const struct option *option)
{
	return option->kind != OPTION_FLAG && option->kind != OPTION_ALIAS;
}

bool command_is_shown(const struct program *program, const struct command *command)
{
	return !(command->traits & COMMAND_HIDDEN) && command->since <= program->library;
}

unsigned long command_library(const struct program *program, const struct command *command)
{
	return command->since > program->library ? command->since : program->library;
}

bool option_is_there(const struct option *option, unsigned long library)
{
	return option->kind != OPTION_ALIAS && option->since <= library;
}

bool option_is_shown(const struct option *option, unsigned long library)
{
	return option_is_there(option, library) && !(option->traits & HIDDEN);
}

bool command_line_secret(const struct program *program, const char *line)
{
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			for (const struct option *o = (*c)->options; o && o->kind != OPTION_END;
			     o++)
				if (o->traits & CONFIDENTIAL && strstr(line, (*c)->name))
					return true;
	return false;
}
