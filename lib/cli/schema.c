// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/schema.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/command.h"
#include "output/json.h"

// Where in the schema an object stands, from the inside out: what has itself in it is a reference.
struct place {
	const struct field *fields;
	const char *pointer; // of its schema
	const struct place *around;
};

static struct json *object_schema(const struct place *place);

static void set_type(struct json *schema, const char *type, bool may_be_null)
{
	struct json *types;

	if (!may_be_null) {
		json_set(schema, "type", value_text(type));
		return;
	}
	types = json_new_array();
	json_append(types, value_text(type));
	json_append(types, value_text("null"));
	json_set_json(schema, "type", types);
}

static struct json *typed(const char *type)
{
	struct json *schema = json_new_object();

	json_set(schema, "type", value_text(type));
	return schema;
}

static struct json *reference(const char *pointer)
{
	struct json *schema = json_new_object();

	json_set(schema, "$ref", value_text(pointer));
	return schema;
}

// Of the objects that FIELD, a row of PLACE, is or has.
static struct json *inner_schema(const struct field *field, const struct place *place)
{
	auto_free char *pointer = text_format("%s/properties/%s%s", place->pointer, field->key,
					      field->type == FIELD_LIST ? "/items" : "");
	struct place inner = {field->fields, pointer, place};

	for (const struct place *p = place; p; p = p->around)
		if (p->fields == field->fields)
			return reference(p->pointer);
	return object_schema(&inner);
}

static struct json *field_schema(const struct field *field, const struct place *place)
{
	const char *type = field_json_type(field->type), *unit = field_unit(field->type);
	bool members = field->fields && field->type == FIELD_OBJECT;
	struct json *schema = members ? inner_schema(field, place) : json_new_object();

	if (type)
		set_type(schema, type, field->flags & FIELD_NULL);
	if (field->type == FIELD_LIST && field->fields)
		json_set_json(schema, "items", inner_schema(field, place));
	if (field->type == FIELD_TEXTS || field->type == FIELD_INTEGERS)
		json_set_json(schema, "items",
			      typed(field->type == FIELD_TEXTS ? "string" : "integer"));
	if (field->type == FIELD_TIME)
		json_set(schema, "format", value_text("date-time"));
	if (unit)
		json_set(schema, "unit", value_text(unit));
	if (field->help)
		json_set(schema, "description", value_text(field->help));
	return schema;
}

// The whole answer, or a row of it, may have more than the command declares beside it.
static struct json *object_schema(const struct place *place)
{
	const struct field *fields = place->fields;
	struct json *schema = typed("object"), *properties = json_new_object();
	struct json *required = json_new_array();

	for (const struct field *field = fields; field->key; field++) {
		json_set_json(properties, field->key, field_schema(field, place));
		if (!(field->flags & FIELD_ASKED))
			json_append(required, value_text(field->key));
	}
	// Where one of many hosts or objects answers; and what is said to people.
	static const char *const added[] = {"host", "name", "message"};

	for (size_t i = 0; !place->around && i < sizeof(added) / sizeof(*added); i++)
		if (!field_find(fields, added[i]))
			json_set_json(properties, added[i], typed("string"));
	json_set_json(schema, "properties", properties);
	json_set_json(schema, "required", required);
	json_set(schema, "additionalProperties", value_boolean(field_is_open(fields)));
	return schema;
}

static struct json *list_of(struct json *items)
{
	struct json *schema = typed("array");

	json_set_json(schema, "items", items);
	return schema;
}

struct json *schema_of(const struct program *program, const struct command *command)
{
	struct json *schema = json_new_object(), *forms;
	struct place object = {command->results, "#/anyOf/0", NULL};
	struct place row = {command->results,
			    command->shape == SHAPE_LIST ? "#/anyOf/0/items" : "#/anyOf/1/items",
			    NULL};
	auto_free char *title = text_format("%s %s", program->name, command->name);

	json_set(schema, "$schema", value_text("https://json-schema.org/draft/2020-12/schema"));
	json_set(schema, "title", value_text(title));
	json_set(schema, "description", value_text(command->summary));
	forms = json_new_array();
	if (command->shape != SHAPE_LIST)
		json_append_json(forms, object_schema(&object));
	// A list; or the answers of many hosts or objects.
	json_append_json(forms, list_of(object_schema(&row)));
	json_set_json(schema, "anyOf", forms);
	return schema;
}

struct json *schema_of_all(const struct program *program)
{
	struct json *all = json_new_object();

	if (program->otherwise && program->otherwise->results)
		json_set_json(all, program->otherwise->name,
			      schema_of(program, program->otherwise));
	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if ((*c)->results)
				json_set_json(all, (*c)->name, schema_of(program, *c));
	return all;
}
