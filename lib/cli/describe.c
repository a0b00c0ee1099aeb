// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/describe.h"

#include "cli/command.h"
#include "output/report.h"

static void add_text(struct report *report, const char *key, const char *string)
{
	report_field(report, NULL, key, value_text(string));
}

static void add_flag(struct report *report, const char *key, bool flag)
{
	report_field(report, NULL, key, value_boolean(flag));
}

// The other spellings of OPTION: {"name", "value"}, where the value is what it stands for, if any.
static void describe_aliases(struct report *report, const struct option *options,
			     const struct option *option)
{
	report_open_list(report, "aliases");
	for (const struct option *o = options; o->kind != OPTION_END; o++) {
		const char *value = NULL;

		if (o->kind != OPTION_ALIAS || option_find(options, o->name, &value) != option)
			continue;
		report_open(report, NULL);
		add_text(report, "name", o->name);
		add_text(report, "value", value);
		report_close(report);
	}
	report_close(report);
}

static void describe_words(struct report *report, const char *const *words)
{
	report_open_list(report, "words");
	for (; words && *words; words++)
		add_text(report, "word", *words);
	report_close(report);
}

static void describe_option(struct report *report, const struct option *options,
			    const struct option *option)
{
	char letter[] = {option->letter, '\0'};

	report_open(report, NULL);
	add_text(report, "name", option->name);
	add_text(report, "short", option->letter ? letter : NULL);
	add_flag(report, "value", option_takes_value(option));
	add_flag(report, "required", option->traits & REQUIRED);
	add_flag(report, "positional", option->traits & POSITIONAL || option->kind == OPTION_REST);
	add_flag(report, "repeats", option->traits & REPEATS || option->kind == OPTION_REST);
	describe_words(report, option->words);
	describe_aliases(report, options, option);
	add_text(report, "help", option->help);
	report_close(report);
}

static void describe_rules(struct report *report, const struct rule *rules)
{
	static const char *const kinds[] = {
		[RULE_EXCLUSIVE] = "exclusive", [RULE_REQUIRES] = "requires"};

	report_open_list(report, "rules");
	for (const struct rule *rule = rules; rule && rule->kind != RULE_END; rule++) {
		report_open(report, NULL);
		add_text(report, "rule", kinds[rule->kind]);
		add_text(report, "first", rule->first);
		add_text(report, "second", rule->second);
		report_close(report);
	}
	report_close(report);
}

static void add_command(struct report *report, const struct program *program,
			const struct command *command)
{
	const struct group *group = command_group(program, command);

	add_text(report, "name", command->name);
	add_text(report, "group", group ? group->keyword : NULL);
	report_open_list(report, "aliases");
	if (command->alias)
		add_text(report, "alias", command->alias);
	report_close(report);
	add_text(report, "summary", command->summary);
	report_open_list(report, "options");
	for (const struct option *o = command->options; o && o->kind != OPTION_END; o++)
		if (o->kind != OPTION_ALIAS)
			describe_option(report, command->options, o);
	report_close(report);
	describe_rules(report, command->rules);
}

void describe_command(struct report *report, const struct program *program,
		      const struct command *command)
{
	add_command(report, program, command);
}

static void add_to_list(struct report *report, const struct program *program,
			const struct command *command)
{
	report_open(report, NULL);
	add_command(report, program, command);
	report_close(report);
}

void describe_program(struct report *report, const struct program *program)
{
	report_open_list(report, NULL);
	if (program->otherwise)
		add_to_list(report, program, program->otherwise);
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (!((*c)->traits & COMMAND_HIDDEN))
				add_to_list(report, program, *c);
	report_close(report);
}
