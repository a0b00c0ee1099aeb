// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/parameters.h"

#include <assert.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/typed.h"

const struct rule affected_rules[] = {AFFECTED_RULES, RULES_END};

void parameters_clear(struct parameter_values *settings)
{
	virTypedParamsFree(settings->values, settings->count);
	*settings = (struct parameter_values){0};
}

void parameters_number(struct parameter_values *settings, const char *field, unsigned value)
{
	virTypedParamsAddUInt(&settings->values, &settings->count, &settings->most, field, value);
}

void parameters_boolean(struct parameter_values *settings, const char *field, bool value)
{
	virTypedParamsAddBoolean(&settings->values, &settings->count, &settings->most, field,
				 value);
}

int parameters_text(struct parameter_values *settings, const char *field, int type,
		    const char *value, struct error *err)
{
	if (virTypedParamsAddFromString(&settings->values, &settings->count, &settings->most, field,
					type, value) < 0)
		return virt_failure_plain(err);
	return 0;
}

static void add_long(struct parameter_values *settings, const char *field, unsigned long long value)
{
	virTypedParamsAddULLong(&settings->values, &settings->count, &settings->most, field, value);
}

// A limit as it is typed: a negative number is none, and a number without a unit counts KiB.
static int add_limit(struct parameter_values *settings, const struct parameter *row,
		     const char *typed, struct error *err)
{
	struct size_format format = {.unit = 1024, .most = LLONG_MAX};
	unsigned long long bytes;

	if (*typed == '-') {
		long long number;

		if (number_parse(typed, LLONG_MIN, -1, &number, err) < 0)
			return error_wrap(err, "option --%s has an invalid value", row->option);
		add_long(settings, row->field, VIR_DOMAIN_MEMORY_PARAM_UNLIMITED);
		return 0;
	}
	if (size_parse(typed, format, &bytes, err) < 0)
		return error_wrap(err, "option --%s has an invalid value", row->option);
	add_long(settings, row->field, bytes / 1024 + (bytes % 1024 != 0));
	return 0;
}

// One of the row's words, or its number.
static int add_word(struct parameter_values *settings, const struct parameter *row,
		    const char *typed, struct error *err)
{
	auto_text struct text known = {0};
	auto_error struct error ignored = {0};
	long long number = -1;
	int i;

	for (i = 0; row->words[i] && !text_equal(row->words[i], typed); i++)
		text_append_format(&known, "%s%s", i ? ", " : "", row->words[i]);
	if (row->words[i])
		number = i;
	else if (number_parse(typed, 0, INT_MAX, &number, &ignored) < 0)
		return error_set(err, STATUS_USAGE, "option --%s is one of %s, not '%s'",
				 row->option, text_string(&known), typed);
	virTypedParamsAddInt(&settings->values, &settings->count, &settings->most, row->field,
			     (int)number);
	return 0;
}

static int add(struct parameter_values *settings, struct call *call, const struct parameter *row,
	       struct error *err)
{
	const char *option = row->option;

	switch (row->form) {
	case PARAMETER_LIMIT:
		return add_limit(settings, row, argument_text(call, option), err);
	case PARAMETER_WORD:
		return add_word(settings, row, argument_text(call, option), err);
	case PARAMETER_BYTES:
		add_long(settings, row->field, argument_size(call, option));
		return 0;
	case PARAMETER_RATE:
	case PARAMETER_LONG:
		add_long(settings, row->field, (unsigned long long)argument_integer(call, option));
		return 0;
	case PARAMETER_NUMBER:
	case PARAMETER_KIBIBYTES:
		parameters_number(settings, row->field, (unsigned)argument_integer(call, option));
		return 0;
	case PARAMETER_INTEGER:
		virTypedParamsAddInt(&settings->values, &settings->count, &settings->most,
				     row->field, (int)argument_integer(call, option));
		return 0;
	case PARAMETER_TEXT:
		return parameters_text(settings, row->field, VIR_TYPED_PARAM_STRING,
				       argument_text(call, option), err);
	case PARAMETER_SWITCH:
		break;
	}
	return 0;
}

int parameters_collect(struct parameter_values *settings, struct call *call,
		       const struct parameter *rows, struct error *err)
{
	for (const struct parameter *row = rows; row && row->field; row++)
		if (row->option && argument_given(call, row->option) &&
		    add(settings, call, row, err) < 0)
			return -1;
	return 0;
}

static struct value word_value(const struct parameter *row, struct value value)
{
	unsigned long long count = 0;

	while (row->words[count])
		count++;
	return value_text(value.natural < count ? row->words[value.natural] : NULL);
}

// What JSON has for it; *SHOWN is what people read, where it is not libvirt's plain value.
static struct value row_value(const struct parameter *row, const virTypedParameter *parameter,
			      const char **shown)
{
	struct value value = typed_value(parameter);

	switch (row->form) {
	case PARAMETER_LIMIT:
		if (value.natural == VIR_DOMAIN_MEMORY_PARAM_UNLIMITED) {
			*shown = "unlimited";
			return value_absent();
		}
		return value_unsigned(value.natural * 1024);
	case PARAMETER_BYTES:
	case PARAMETER_RATE:
		return value.natural ? value : value_absent();
	case PARAMETER_KIBIBYTES:
		return value.natural ? value_unsigned(value.natural * 1024) : value_absent();
	case PARAMETER_SWITCH:
		*shown = value.boolean ? "enabled" : "disabled";
		return value;
	case PARAMETER_WORD:
		value = word_value(row, value);
		*shown = value.text;
		return value;
	case PARAMETER_TEXT:
		return value.text && *value.text ? value : value_absent();
	default:
		return value;
	}
}

static const struct parameter *row_of(const struct parameters *parameters, const char *field)
{
	for (const struct parameter *row = parameters->rows; row && row->field; row++)
		if (text_equal(row->field, field))
			return row;
	return NULL;
}

static char *title_of(const struct parameters *parameters, const char *field)
{
	int width = parameters->width ? parameters->width : 15;

	return parameters->titles ? text_format("%s%-*s", parameters->titles, width, field)
				  : text_format("%-*s:", width, field);
}

// In libvirt's order. What the rows do not know is in the text like the rest; in JSON it comes
// last.
static void report_parameters(struct call *call, virTypedParameterPtr values, int count)
{
	const struct parameters *parameters = call->command->action->parameters;
	struct report *report = call->report;
	int others = 0;

	for (int i = 0; i < count; i++) {
		const struct parameter *row = row_of(parameters, values[i].field);
		auto_free char *plain = typed_text(&values[i]);
		auto_free char *title = title_of(parameters, values[i].field);
		const char *shown = plain;

		others += !row;
		if (row) {
			struct value value = row_value(row, &values[i], &shown);

			report_field(report, title, row->key, value_shown(value, shown));
		} else if (!report_is_json(report)) {
			report_heading(report, "%s %s\n", title, plain);
		}
	}
	if (!others || !report_is_json(report))
		return;
	report_open(report, "other");
	for (int i = 0; i < count; i++)
		if (!row_of(parameters, values[i].field))
			report_field(report, NULL, values[i].field, typed_value(&values[i]));
	report_close(report);
}

// What was set, for people unless they want silence.
static void report_settings(struct call *call, const struct parameter_values *settings)
{
	const struct parameters *parameters = call->command->action->parameters;

	for (int i = 0; i < settings->count; i++) {
		const struct parameter *row = row_of(parameters, settings->values[i].field);
		auto_free char *title = title_of(parameters, settings->values[i].field);
		const char *shown = "";

		assert(row && "only what a row names is set");
		report_field(call->report, NULL, row->key,
			     row_value(row, &settings->values[i], &shown));
		if (!report_is_json(call->report))
			report_message(call->report, "%s %s\n", title, shown);
	}
}

static int failure(struct call *call, const char *what, struct error *err)
{
	virt_failure_plain(err);
	action_hint(call, err);
	return error_wrap(err, "%s", what);
}

static int ask(struct call *call, virTypedParameterPtr *values, int *count, unsigned flags)
{
	const struct parameters *parameters = call->command->action->parameters;

	*count = 0;
	if (parameters->get)
		return parameters->get(call, values, count, flags);
	if (parameters->ask(call, NULL, count, flags) < 0)
		return -1;
	if (*count == 0)
		return 0;
	*values = memory_new((size_t)*count, sizeof(**values));
	return parameters->ask(call, *values, count, flags);
}

static int show(struct call *call, struct error *err)
{
	const struct parameters *parameters = call->command->action->parameters;
	auto_parameters struct parameter_values found = {0};

	if (ask(call, &found.values, &found.count, argument_bits(call)) < 0)
		return failure(call, parameters->getting, err);
	if (parameters->head)
		parameters->head(call);
	report_parameters(call, found.values, found.count);
	return 0;
}

int parameters_run(struct call *call, struct error *err)
{
	const struct parameters *parameters = call->command->action->parameters;
	auto_parameters struct parameter_values wanted = {0};

	if (call->object.kind)
		report_field(call->report, NULL, "name", value_text(call_name(call)));
	if (parameters_collect(&wanted, call, parameters->rows, err) < 0 ||
	    (parameters->collect && parameters->collect(call, &wanted, err) < 0))
		return -1;
	if (!wanted.count && parameters->needs)
		return error_set(err, STATUS_USAGE, "'%s' needs something to set",
				 call->command->name);
	if (!wanted.count)
		return show(call, err);
	if (parameters->set(call, wanted.values, wanted.count, argument_bits(call)) < 0)
		return failure(call, parameters->setting, err);
	if (parameters->after == AFTER_SET_GIVEN)
		report_settings(call, &wanted);
	return parameters->after == AFTER_SET_ALL ? show(call, err) : 0;
}
