// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check.h"

#include <stdbool.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "cli/command.h"

struct check {
	const char *where; // the command
	struct list *faults;
};

static void fault(const struct check *check, const char *what, const char *which)
{
	list_add_format(check->faults, "%s: %s: %s", check->where, what, which);
}

static bool well_named(const char *name)
{
	return name && *name &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzS0123456789-_") == strlen(name);
}

static bool is_sentence(const char *help)
{
	return help && *help && !text_ends(help, ".") && !text_ends(help, " ");
}

static bool share_letter(const struct option *one, const struct option *other)
{
	return (one->letter && (one->letter == other->letter || one->letter == other->second)) ||
	       (one->second && (one->second == other->letter || one->second == other->second));
}

static void check_option(const struct check *check, const struct option *options,
			 const struct option *option)
{
	const char *ignored;

	// virsh has one that is not in lower case.
	if (!well_named(option->name) && !text_equal(option->name, "srcSpec"))
		fault(check, "badly named option", option->name ? option->name : "NULL");
	if (option->kind == OPTION_ALIAS) {
		if (!option_find(options, option->name, &ignored))
			fault(check, "alias for no option", option->name);
		return;
	}
	if (!is_sentence(option->help))
		fault(check, "help missing, or ends in '.' or a blank", option->name);
	if (option->traits & ASKS_QUIET && option->kind != OPTION_FLAG)
		fault(check, "only a flag asks for quiet", option->name);
	if (option->bit && option->kind != OPTION_FLAG)
		fault(check, "only a flag has a bit", option->name);
	if (option->kind == OPTION_REST && option[1].kind != OPTION_END &&
	    option[1].kind != OPTION_ALIAS && !(option[1].traits & BEHIND))
		fault(check, "no option may follow the rest", option->name);
	if (option->traits & BEHIND && option->kind != OPTION_REST)
		fault(check, "only a rest is what stands behind --", option->name);
	if (option->traits & VALUE_OPTIONAL && option->traits & POSITIONAL)
		fault(check, "a positional always has a value", option->name);
	for (const struct option *o = options; o != option; o++) {
		if (text_equal(o->name, option->name))
			fault(check, "option declared twice", option->name);
		if (share_letter(o, option))
			fault(check, "letter declared twice", option->name);
	}
}

static bool declares(const struct command *command, const char *name)
{
	const char *ignored;

	return option_find(command->options, name, &ignored) != NULL;
}

static void check_fields(const struct check *check, const struct field_nest *checked)
{
	const struct field *fields = checked->fields;

	if (field_within(checked->around, fields))
		return;
	for (const struct field *f = fields; f && f->key; f++) {
		if (strspn(f->key, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(f->key))
			fault(check, "badly named result", f->key);
		if (!is_sentence(f->help))
			fault(check, "help of a result missing, or ends in '.' or a blank", f->key);
		if (field_find(fields, f->key) != f)
			fault(check, "result declared twice", f->key);
		if (f->fields && f->type != FIELD_OBJECT && f->type != FIELD_LIST)
			fault(check, "only an object or a list has fields", f->key);
		check_fields(check, &(const struct field_nest){f->fields, checked});
	}
}

// A key of FIELDS, or of what is in them, with CHARACTER in it; NULL.
static const char *key_with(const struct field_nest *checked, char character)
{
	const char *found = NULL;

	if (field_within(checked->around, checked->fields))
		return NULL;
	for (const struct field *f = checked->fields; f && f->key && !found; f++)
		found = strchr(f->key, character)
				? f->key
				: key_with(&(const struct field_nest){f->fields, checked},
					   character);
	return found;
}

// Everything that can be asked for is declared. Our keys are lower_snake; where qemu-img has some
// for the same, all of the document are as it has them.
static void check_results(const struct check *check, const struct command *command)
{
	struct field_nest all = {command->results, NULL};

	if (!command->results && !(command->traits & COMMAND_TERMINAL))
		fault(check, "results not declared", command->name);
	check_fields(check, &all);
	if (key_with(&all, '_') && key_with(&all, '-'))
		fault(check, "results with keys of two kinds", key_with(&all, '-'));
}

static void check_command(const struct program *program, const struct command *command,
			  struct list *faults)
{
	struct check check = {.where = command->name, .faults = faults};

	if (!well_named(command->name))
		fault(&check, "badly named command", command->name);
	if (!is_sentence(command->summary))
		fault(&check, "summary missing, or ends in '.' or a blank", command->name);
	if (!command->run)
		fault(&check, "no handler", command->name);
	if (command != program->otherwise && command_find(program, command->name) != command)
		fault(&check, "command declared twice", command->name);
	if (command->target && !declares(command, command->target->option))
		fault(&check, "the target's option is not declared", command->target->option);
	for (const struct option *o = command->options; o && o->kind != OPTION_END; o++)
		check_option(&check, command->options, o);
	for (const struct rule *rule = command->rules; rule && rule->kind != RULE_END; rule++)
		for (size_t i = 0; i < RULE_NAMES && rule->names[i]; i++)
			if (!declares(command, rule->names[i]))
				fault(&check, "rule about an option that is not declared",
				      rule->names[i]);
	check_results(&check, command);
}

void check_program(const struct program *program, struct list *faults)
{
	struct check check = {.where = program->name, .faults = faults};

	for (const struct option *o = program->globals->options; o && o->kind != OPTION_END; o++)
		check_option(&check, program->globals->options, o);
	if (program->otherwise)
		check_command(program, program->otherwise, faults);
	for (const struct group *group = program->groups; group->name; group++) {
		if (!well_named(group->keyword))
			fault(&check, "badly named group", group->name);
		for (const struct command *const *c = group->commands; *c; c++)
			check_command(program, *c, faults);
	}
}
