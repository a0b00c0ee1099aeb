// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/argument.h"

#include <assert.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"

// How many of the rule's names from FIRST on were given.
static size_t given(const struct arguments *arguments, const struct rule *rule, size_t first)
{
	size_t count = 0;

	for (size_t i = first; i < RULE_NAMES && rule->names[i]; i++) {
		const char *ignored;
		const struct option *option =
			option_find(arguments->options, rule->names[i], &ignored);

		assert(option);
		count += arguments_row(arguments, option)->given;
	}
	return count;
}

// "--a, --b or --c", of the rule's names from FIRST on; the caller's.
static char *rule_names(const struct rule *rule, size_t first)
{
	struct text names = {0};

	for (size_t i = first; i < RULE_NAMES && rule->names[i]; i++) {
		bool last = i + 1 == RULE_NAMES || !rule->names[i + 1];

		text_append_format(&names, "%s--%s",
				   i == first ? ""
				   : last     ? " or "
					      : ", ",
				   rule->names[i]);
	}
	return text_take(&names);
}

// Names those that were given.
static int exclusive(const struct arguments *arguments, const struct rule *rule, struct error *err)
{
	size_t left = given(arguments, rule, 0);
	auto_text struct text text = {0};
	const char *names = NULL;

	for (size_t i = 0; i < RULE_NAMES && rule->names[i]; i++) {
		struct rule one = {.names = {rule->names[i]}};

		if (!given(arguments, &one, 0))
			continue;
		left--;
		text_append_format(&text, "--%s%s", rule->names[i],
				   left > 1    ? ", "
				   : left == 1 ? " and "
					       : "");
	}
	names = text_string(&text);
	return error_set(err, STATUS_USAGE, "options %s are mutually exclusive", names);
}

static int check_rule(const struct arguments *arguments, const struct rule *rule, struct error *err)
{
	bool first = given(arguments, rule, 0) > given(arguments, rule, 1);
	auto_free char *names = NULL;

	switch (rule->kind) {
	case RULE_EXCLUSIVE:
		return given(arguments, rule, 0) > 1 ? exclusive(arguments, rule, err) : 0;
	case RULE_ONE_OF:
		if (given(arguments, rule, 0) > 1)
			return exclusive(arguments, rule, err);
		// fall through
	case RULE_ANY_OF:
		if (given(arguments, rule, 0))
			return 0;
		names = rule_names(rule, 0);
		return error_set(err, STATUS_USAGE, "'%s' needs %s %s", arguments->command->name,
				 rule->names[1] ? "one of" : "option", names);
	case RULE_REQUIRES:
	case RULE_REQUIRES_ANY:
		if (!first || given(arguments, rule, 1))
			return 0;
		names = rule_names(rule, 1);
		return error_set(err, STATUS_USAGE, "option --%s needs option %s", rule->names[0],
				 names);
	case RULE_END:
		break;
	}
	return 0;
}

static int choose_word(const struct option *option, const char *value, unsigned *choice,
		       struct error *err)
{
	auto_text struct text known = {0};

	for (unsigned i = 0; option->words[i]; i++) {
		if (text_equal(option->words[i], value)) {
			*choice = i;
			return 0;
		}
		text_append_format(&known, "%s%s", i ? ", " : "", option->words[i]);
	}
	return error_set(err, STATUS_USAGE, "option --%s is one of %s, not '%s'", option->name,
			 text_string(&known), value);
}

// In a GNU grammar the words of the table are all there are; virsh leaves it to the hypervisor.
static int check_words(const struct argument *argument, const struct option *option,
		       struct error *err)
{
	const char *value = argument->values.count ? argument->values.items[0] : NULL;
	unsigned ignored;

	return option->words && value ? choose_word(option, value, &ignored, err) : 0;
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
	if (!*value)
		return 0;
	if (option->kind == OPTION_INTEGER)
		failed = number_parse(value, ranged ? option->least : INT_MIN,
				      ranged ? option->most : INT_MAX, &argument->integer, err);
	else if (option->kind == OPTION_SIZE)
		failed = size_parse(value, format, &argument->size, err);
	return failed ? error_wrap(err, "option --%s has an invalid value", option->name) : 0;
}

static bool values_count(struct arguments *arguments)
{
	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->traits & ALONE && arguments_row(arguments, o)->given)
			return false;
	return true;
}

int argument_check_all(struct arguments *arguments, struct error *err)
{
	bool values = values_count(arguments);

	for (const struct rule *rule = arguments->command->rules; rule && rule->kind != RULE_END;
	     rule++)
		if (check_rule(arguments, rule, err) < 0)
			return -1;
	for (const struct option *o = arguments->options; values && o->kind != OPTION_END; o++)
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

bool argument_bare(const struct call *call, const char *name)
{
	return declared(call, name)->bare;
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

int argument_choice(const struct call *call, const char *name, unsigned *choice, struct error *err)
{
	const char *ignored, *value = argument_text(call, name);
	const struct option *option = option_find(call->arguments->options, name, &ignored);

	assert(option->words);
	return value ? choose_word(option, value, choice, err) : 0;
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

const char *argument_host(const struct call *call)
{
	const char *ignored;

	if (!call->arguments || !option_find(call->arguments->options, "connect", &ignored))
		return NULL;
	return argument_text(call, "connect");
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

static unsigned long long all_bits(const struct call *call)
{
	const struct arguments *arguments = call->arguments;
	unsigned long long bits = 0;

	for (const struct option *o = arguments->options; o->kind != OPTION_END; o++)
		if (o->kind == OPTION_FLAG && arguments_row(arguments, o)->given)
			bits |= o->bit;
	return bits;
}

unsigned argument_bits(const struct call *call)
{
	return (unsigned)all_bits(call);
}

unsigned argument_upper_bits(const struct call *call)
{
	return (unsigned)(all_bits(call) >> 32);
}
