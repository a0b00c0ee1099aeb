// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/describe.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/command.h"
#include "output/report.h"

// clang-format off
static const struct field alias_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "the other spelling"),
	FIELD("value", NULL, FIELD_TEXT, FIELD_NULL, "the value that it stands for"),
	FIELDS_END,
};

static const struct field option_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	FIELD("short", NULL, FIELD_TEXT, FIELD_NULL, "its letter"),
	FIELD("value", NULL, FIELD_BOOLEAN, 0, "whether it has a value"),
	FIELD("required", NULL, FIELD_BOOLEAN, 0, "whether it must be there"),
	FIELD("positional", NULL, FIELD_BOOLEAN, 0, "whether a bare word may fill it"),
	FIELD("repeats", NULL, FIELD_BOOLEAN, 0, "whether it may be given more than once"),
	FIELD("words", NULL, FIELD_TEXTS, 0, "the values there are"),
	FIELD_OF("aliases", FIELD_LIST, 0, alias_fields, "its other spellings"),
	FIELD("help", NULL, FIELD_TEXT, 0, "what it does"),
	FIELD("since", NULL, FIELD_TEXT, FIELD_NULL, "version of libvirt that it needs"),
	FIELDS_END,
};

static const struct field rule_fields[] = {
	FIELD("rule", NULL, FIELD_TEXT, 0, "exclusive, requires, requires any, one of or any of"),
	FIELD("options", NULL, FIELD_TEXTS, 0, "names of the options that it is about"),
	FIELDS_END,
};

static const struct field result_fields[] = {
	FIELD("key", NULL, FIELD_TEXT, 0, "its key in JSON"),
	FIELD("title", NULL, FIELD_TEXT, FIELD_NULL, "its title in the text"),
	FIELD("type", NULL, FIELD_TEXT, 0, "of JSON, or any"),
	FIELD("unit", NULL, FIELD_TEXT, FIELD_NULL, "such as bytes"),
	FIELD("null", NULL, FIELD_BOOLEAN, 0, "whether it may be null"),
	FIELD("optional", NULL, FIELD_BOOLEAN, 0, "whether it may be left out"),
	FIELD("help", NULL, FIELD_TEXT, 0, "what it is"),
	FIELD_OF("fields", FIELD_LIST, FIELD_ASKED, result_fields, "what its objects have"),
	FIELDS_END,
};

const struct field describe_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "name of the command"),
	FIELD("group", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "keyword of its group"),
	FIELD("aliases", NULL, FIELD_TEXTS, FIELD_ASKED, "its other names"),
	FIELD("summary", NULL, FIELD_TEXT, FIELD_ASKED, "what it does"),
	FIELD_OF("options", FIELD_LIST, FIELD_ASKED, option_fields, "its options"),
	FIELD_OF("rules", FIELD_LIST, FIELD_ASKED, rule_fields, "what holds between them"),
	FIELD("shape", NULL, FIELD_TEXT, FIELD_ASKED, "of its answer: object, list or stream"),
	FIELD_OF("results", FIELD_LIST, FIELD_ASKED, result_fields, "what its answer has"),
	FIELD("since", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "version of libvirt that it needs"),
	FIELD("text", NULL, FIELD_TEXT, FIELD_ASKED, "a part of the man page, or the peers' names"),
	FIELDS_OPEN, // a JSON Schema, or one for each command
};
// clang-format on

static void add_text(struct report *report, const char *key, const char *string)
{
	report_field(report, NULL, key, value_text(string));
}

static void add_flag(struct report *report, const char *key, bool flag)
{
	report_field(report, NULL, key, value_boolean(flag));
}

// "9.2.0"; the caller's, NULL for 0.
static char *version_text(unsigned long since)
{
	return since ? text_format("%lu.%lu.%lu", since / 1000000, since / 1000 % 1000,
				   since % 1000)
		     : NULL;
}

static void add_since(struct report *report, unsigned long since)
{
	auto_free char *version = version_text(since);

	add_text(report, "since", version);
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
	add_since(report, option->since);
	report_close(report);
}

// The names of the rule's options that are told of, and how many.
static size_t names_told(const struct command *command, const struct rule *rule,
			 unsigned long library, const char *names[RULE_NAMES])
{
	size_t count = 0;

	for (size_t i = 0; i < RULE_NAMES && rule->names[i]; i++) {
		const char *value = NULL;

		if (option_is_there(option_find(command->options, rule->names[i], &value), library))
			names[count++] = rule->names[i];
	}
	return count;
}

static void describe_rules(struct report *report, const struct command *command,
			   unsigned long library)
{
	static const char *const kinds[] = {[RULE_EXCLUSIVE] = "exclusive",
					    [RULE_REQUIRES] = "requires",
					    [RULE_REQUIRES_ANY] = "requires any",
					    [RULE_ONE_OF] = "one of",
					    [RULE_ANY_OF] = "any of"};

	report_open_list(report, "rules");
	for (const struct rule *rule = command->rules; rule && rule->kind != RULE_END; rule++) {
		const char *names[RULE_NAMES];
		size_t count = names_told(command, rule, library, names);

		// Where one alone is left of several, there is nothing to say.
		if (count < 2 && rule->names[count])
			continue;
		report_open(report, NULL);
		add_text(report, "rule", kinds[rule->kind]);
		report_open_list(report, "options");
		for (size_t i = 0; i < count; i++)
			add_text(report, "option", names[i]);
		report_close(report);
		report_close(report);
	}
	report_close(report);
}

static void describe_fields(struct report *report, const char *key,
			    const struct field_nest *described)
{
	report_open_list(report, key);
	for (const struct field *f = described->fields; f && f->key; f++) {
		const char *type = field_json_type(f->type);

		report_open(report, NULL);
		add_text(report, "key", f->key);
		add_text(report, "title", f->title);
		add_text(report, "type", type ? type : "any");
		add_text(report, "unit", field_unit(f->type));
		add_flag(report, "null", f->flags & FIELD_NULL);
		add_flag(report, "optional", f->flags & FIELD_ASKED);
		add_text(report, "help", f->help);
		// What has itself in it is told of once.
		if (f->fields && !field_within(described, f->fields))
			describe_fields(report, "fields",
					&(const struct field_nest){f->fields, described});
		report_close(report);
	}
	report_close(report);
}

static void add_command(struct report *report, const struct program *program,
			const struct command *command)
{
	static const char *const shapes[] = {
		[SHAPE_OBJECT] = "object", [SHAPE_LIST] = "list", [SHAPE_STREAM] = "stream"};
	const struct group *group = command_group(program, command);
	unsigned long library = command_library(program, command);

	add_text(report, "name", command->name);
	add_text(report, "group", group ? group->keyword : NULL);
	report_open_list(report, "aliases");
	if (command->alias)
		add_text(report, "alias", command->alias);
	report_close(report);
	add_text(report, "summary", command->summary);
	report_open_list(report, "options");
	for (const struct option *o = command->options; o && o->kind != OPTION_END; o++)
		if (option_is_there(o, library))
			describe_option(report, command->options, o);
	report_close(report);
	describe_rules(report, command, library);
	add_text(report, "shape", shapes[command->shape]);
	describe_fields(report, "results", &(const struct field_nest){command->results, NULL});
	add_since(report, command->since);
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
			if (command_is_shown(program, *c))
				add_to_list(report, program, *c);
	report_close(report);
}
