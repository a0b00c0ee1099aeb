// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/typed.h"

#include "base/text.h"

struct value typed_value(const virTypedParameter *parameter)
{
	switch (parameter->type) {
	case VIR_TYPED_PARAM_INT:
		return value_integer(parameter->value.i);
	case VIR_TYPED_PARAM_UINT:
		return value_unsigned(parameter->value.ui);
	case VIR_TYPED_PARAM_LLONG:
		return value_integer(parameter->value.l);
	case VIR_TYPED_PARAM_ULLONG:
		return value_unsigned(parameter->value.ul);
	case VIR_TYPED_PARAM_DOUBLE:
		return value_real(parameter->value.d);
	case VIR_TYPED_PARAM_BOOLEAN:
		return value_boolean(parameter->value.b != 0);
	case VIR_TYPED_PARAM_STRING:
		return value_text(parameter->value.s);
	default:
		return value_absent();
	}
}

char *typed_text(const virTypedParameter *parameter)
{
	if (parameter->type == VIR_TYPED_PARAM_DOUBLE)
		return text_format("%f", parameter->value.d);
	return value_string(typed_value(parameter));
}

char *typed_event_text(const virTypedParameter *parameter)
{
	if (parameter->type == VIR_TYPED_PARAM_DOUBLE)
		return text_format("%g", parameter->value.d);
	if (parameter->type == VIR_TYPED_PARAM_BOOLEAN)
		return text_format("%d", parameter->value.b);
	return value_string(typed_value(parameter));
}

struct json *typed_json(const virTypedParameter *parameters, size_t count)
{
	struct json *json = json_new_object();

	for (size_t i = 0; i < count; i++)
		json_set(json, parameters[i].field, typed_value(&parameters[i]));
	return json;
}
