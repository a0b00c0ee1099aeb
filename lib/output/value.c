// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/value.h"

#include <json-c/json.h>

#include "base/text.h"

char *value_string(struct value value)
{
	if (value.shown)
		return text_copy(value.shown);
	switch (value.type) {
	case VALUE_TEXT:
		return text_copy(value.text);
	case VALUE_INTEGER:
		return text_format("%lld", value.integer);
	case VALUE_UNSIGNED:
		return text_format("%llu", value.natural);
	case VALUE_REAL:
		return text_format("%.3f", value.real);
	case VALUE_BOOLEAN:
		return text_copy(value.boolean ? "yes" : "no");
	case VALUE_ABSENT:
		break;
	}
	return text_copy("");
}

struct json_object *value_json(struct value value)
{
	switch (value.type) {
	case VALUE_TEXT:
		return json_object_new_string(value.text);
	case VALUE_INTEGER:
		return json_object_new_int64(value.integer);
	case VALUE_UNSIGNED:
		return json_object_new_uint64(value.natural);
	case VALUE_REAL:
		return json_object_new_double(value.real);
	case VALUE_BOOLEAN:
		return json_object_new_boolean(value.boolean);
	case VALUE_ABSENT:
		break;
	}
	return NULL;
}
