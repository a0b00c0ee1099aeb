// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/argument.h"

#include <assert.h>
#include <limits.h>

#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"

static int check_rule(const struct arguments *arguments, const struct rule *rule, struct error *err)
{
	const char *ignored;
	const struct option *first = option_find(arguments->options, rule->first, &ignored);
	const struct option *second = option_find(arguments->options, rule->second, &ignored);
	bool with_first, with_second;

	assert(first && second);
	with_first = arguments_row(arguments, first)->given;
	with_second = arguments_row(arguments, second)->given;
	if (rule->kind == RULE_EXCLUSIVE && with_first && with_second)
		return error_set(err, STATUS_USAGE, "options --%s and --%s are mutually exclusive",
				 rule->first, rule->second);
	if (rule->kind == RULE_REQUIRES && with_first && !with_second)
		return error_set(err, STATUS_USAGE, "option --%s needs option --%s", rule->first,
				 rule->second);
	return 0;
}

// In a GNU grammar the words of the table are all there are; virsh leaves it to the hypervisor.
static int check_words(const struct argument *argument, const struct option *option,
		       struct error *err)
{
	const char *value = argument->values.count ? argument->values.items[0] : NULL;
	auto_text struct text known = {0};

	if (!option->words || !value)
		return 0;
	for (const char *const *word = option->words; word && *word; word++) {
		if (text_equal(*word, value))
			return 0;
		text_append_format(&known, "%s%s", known.length ? ", " : "", *word);
	}
	return error_set(err, STATUS_USAGE, "option --%s is one of %s, not '%s'", option->name,
			 text_string(&known), value);
}

static int check_value(struct argument *argument, const struct option *option, struct error *err)
{
	const char *value = argument->values.count ? argument->values.items[0] : NULL;
	bool ranged = option->least || option->most;
	struct size_format format = {.unit = option->unit ? option->unit : 1, .most = ULLONG_MAX};
	int failed = 0;

	if (!value)
		return 0;
	if (!*value && !(option->traits & EMPTY_OK) && option->kind != OPTION_REST)
		return error_set(err, STATUS_USAGE, "the value of option --%s is empty",
				 option->name);
	if (option->kind == OPTION_INTEGER)
		failed = number_parse(value, ranged ? option->least : INT_MIN,
				      ranged ? option->most : INT_MAX, &argument->integer, err);
	else if (option->kind == OPTION_SIZE)
		failed = size_parse(value, format, &argument->size, err);
	return failed ? error_wrap(err, "option --%s has an invalid value", option->name) : 0;
}

int argument_check_all(struct arguments *arguments, struct error *err)
{
	for (const struct rule *rule = arguments->command->rules; rule && rule->kind != RULE_END;
	     rule++)
		if (check_rule(arguments, rule, err) < 0)
			return -1;
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (check_value(arguments_row(arguments, o), o, err) < 0 ||
		    (arguments->grammar == GRAMMAR_GNU &&
		     check_words(arguments_row(arguments, o), o, err) < 0))
			return -1;
	return 0;
}

static struct argument *declared(const struct call *call, const char *name)
{
	const char *ignored;
	const struct option *option = option_find(call->arguments->options, name, &ignored);

	assert(option && "the handler asks for an option that its table does not declare");
	return arguments_row(call->arguments, option);
}

bool argument_given(const struct call *call, const char *name)
{
	return declared(call, name)->given;
}

bool argument_flag(const struct call *call, const char *name)
{
	return declared(call, name)->given;
}

const char *argument_text(const struct call *call, const char *name)
{
	const struct list *values = &declared(call, name)->values;

	return values->count ? values->items[values->count - 1] : NULL;
}

long long argument_integer(const struct call *call, const char *name)
{
	return declared(call, name)->integer;
}

unsigned long long argument_size(const struct call *call, const char *name)
{
	return declared(call, name)->size;
}

const struct list *argument_list(const struct call *call, const char *name)
{
	return &declared(call, name)->values;
}

const char *argument_global(const struct call *call, const char *name)
{
	const char *ignored;
	const struct option *option = option_find(call->context->globals->options, name, &ignored);
	const struct list *values;

	assert(option && "a program asks for a global option that it does not declare");
	values = &arguments_row(call->context->globals, option)->values;
	return values->count ? values->items[values->count - 1] : NULL;
}

const struct list *argument_order(const struct call *call)
{
	return &call->arguments->order;
}

unsigned argument_bits(const struct call *call)
{
	const struct arguments *arguments = call->arguments;
	unsigned bits = 0;

	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->kind == OPTION_FLAG && arguments_row(arguments, o)->given)
			bits |= (unsigned)o->bit;
	return bits;
}
