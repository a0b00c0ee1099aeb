// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/json.h"

#include <json-c/json.h>

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "output/json_write.h"

struct json_object *json_inner(const struct json *json)
{
	return (struct json_object *)json;
}

static struct json *outer(struct json_object *object)
{
	return (struct json *)object;
}

void json_trust_keys(bool trust)
{
	json_global_set_string_hash(trust ? JSON_C_STR_HASH_PERLLIKE : JSON_C_STR_HASH_DFLT);
}

struct json *json_read(const char *text, const char *what, struct error *err)
{
	enum json_tokener_error failure;
	struct json_object *object;

	json_trust_keys(false);
	object = json_tokener_parse_verbose(text, &failure);
	json_trust_keys(true);
	if (!object)
		error_set(err, STATUS_FAILED, "%s is not valid JSON: %s", what,
			  failure == json_tokener_success ? "it is null"
							  : json_tokener_error_desc(failure));
	return outer(object);
}

char *json_text(const struct json *json)
{
	struct text text = {0};

	json_write(&text, json_inner(json), JSON_INDENTED);
	return text_take(&text);
}

struct json *json_new_object(void)
{
	json_trust_keys(true);
	return outer(json_object_new_object());
}

struct json *json_new_array(void)
{
	return outer(json_object_new_array());
}

struct json *json_new_texts(const struct list *texts)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < texts->count; i++)
		json_append(array, value_text(texts->items[i]));
	return array;
}

struct json *json_copy(const struct json *json)
{
	return outer(json_object_get(json_inner(json)));
}

void json_free(struct json *json)
{
	json_object_put(json_inner(json));
}

void json_set(struct json *object, const char *key, struct value value)
{
	json_object_object_add(json_inner(object), key, value_json(value));
}

void json_append(struct json *array, struct value value)
{
	json_object_array_add(json_inner(array), value_json(value));
}

void json_set_json(struct json *object, const char *key, struct json *child)
{
	json_object_object_add(json_inner(object), key, json_inner(child));
}

void json_append_json(struct json *array, struct json *child)
{
	json_object_array_add(json_inner(array), json_inner(child));
}

bool json_is_object(const struct json *json)
{
	return json_object_is_type(json_inner(json), json_type_object);
}

bool json_is_array(const struct json *json)
{
	return json_object_is_type(json_inner(json), json_type_array);
}

const struct json *json_get(const struct json *json, const char *key)
{
	struct json_object *member = NULL;

	if (json_is_object(json))
		json_object_object_get_ex(json_inner(json), key, &member);
	return outer(member);
}

size_t json_count(const struct json *json)
{
	if (json_is_array(json))
		return json_object_array_length(json_inner(json));
	return json_is_object(json) ? (size_t)json_object_object_length(json_inner(json)) : 0;
}

const struct json *json_at(const struct json *array, size_t index)
{
	return json_is_array(array) ? outer(json_object_array_get_idx(json_inner(array), index))
				    : NULL;
}

struct value json_value(const struct json *json)
{
	struct json_object *object = json_inner(json);
	long long integer;

	switch (json_object_get_type(object)) {
	case json_type_boolean:
		return value_boolean(json_object_get_boolean(object));
	case json_type_double:
		return value_real(json_object_get_double(object));
	case json_type_int:
		integer = json_object_get_int64(object);
		return integer < 0 ? value_integer(integer)
				   : value_unsigned(json_object_get_uint64(object));
	case json_type_string:
		return value_text(json_object_get_string(object));
	default:
		return value_absent();
	}
}

const char *json_get_text(const struct json *json, const char *key)
{
	struct value value = json_value(json_get(json, key));

	return value.type == VALUE_TEXT ? value.text : NULL;
}

unsigned long long json_get_unsigned(const struct json *json, const char *key)
{
	struct value value = json_value(json_get(json, key));

	return value.type == VALUE_UNSIGNED ? value.natural : 0;
}

bool json_get_boolean(const struct json *json, const char *key)
{
	struct value value = json_value(json_get(json, key));

	return value.type == VALUE_BOOLEAN && value.boolean;
}

void json_visit(const struct json *object,
		void (*visit)(void *data, const char *key, const struct json *member), void *data)
{
	if (!json_is_object(object))
		return;
	json_object_object_foreach(json_inner(object), key, member) visit(data, key, outer(member));
}
