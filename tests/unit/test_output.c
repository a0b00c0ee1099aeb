// SPDX-License-Identifier: GPL-3.0-or-later
// lib/output: the layout of JSON.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "output/field.h"
#include "output/json.h"
#include "output/json_write.h"
#include "output/tree.h"

static void json_has_one_layout_whatever_the_library(void **state)
{
	static const struct {
		const char *read, *one_line, *indented;
	} cases[] = {
		{"[]", "[]", "[]"},
		{"{ }", "{}", "{}"},
		{"[[],{}]", "[[],{}]", "[\n  [],\n  {}\n]"},
		{"{\"a\":[1,null],\"b\":true}", "{\"a\":[1,null],\"b\":true}",
		 "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": true\n}"},
		{"18446744073709551615", "18446744073709551615", "18446744073709551615"},
		{"-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
		{"0.1", "0.1", "0.1"},
		{"1.0", "1.0", "1.0"},
		{"1e300", "1e+300", "1e+300"},
		{"0.30000000000000004", "0.30000000000000004", "0.30000000000000004"},
		{"\"/a\\u0001\\n\\\"\\\\\\u00e9\"", "\"/a\\u0001\\n\\\"\\\\\xc3\xa9\"",
		 "\"/a\\u0001\\n\\\"\\\\\xc3\xa9\""},
		{"\"a\\u0000b\"", "\"a\\u0000b\"", "\"a\\u0000b\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		auto_json struct json *json = json_read(cases[i].read, "a case", &err);
		auto_text struct text line = {0};
		auto_free char *indented = NULL;

		assert_non_null(json);
		json_write(&line, json_inner(json), JSON_ONE_LINE);
		assert_string_equal(text_string(&line), cases[i].one_line);
		indented = json_text(json);
		assert_string_equal(indented, cases[i].indented);
	}
}

static void names_stand_below_their_parents_whatever_the_parents_are(void **state)
{
	static const struct {
		struct tree_node nodes[4];
		size_t count;
		const char *lines;
	} cases[] = {
		{.count = 0, .lines = ""},
		{{{"a", NULL}}, 1, "a\n\n"},
		{{{"a", "gone"}, {"b", NULL}}, 2, "a\n\nb\n\n"},
		{{{"a", NULL}, {"b", "a"}, {"c", "b"}, {"d", "a"}},
		 4,
		 "a\n  |\n  +- b\n  |   |\n  |   +- c\n  |     \n  +- d\n    \n"},
		// What names itself or each other has no root to stand under.
		{{{"a", "a"}}, 1, ""},
		{{{"a", "b"}, {"b", "a"}}, 2, ""},
		// A name that stands twice is no endless tree.
		{{{"a", NULL}, {"a", "a"}}, 2, "a\n  |\n  +- a\n    \n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_text struct text out = {0};

		tree_write(cases[i].nodes, cases[i].count, &out);
		assert_string_equal(text_string(&out), cases[i].lines);
	}
}

static const struct field inner_fields[] = {
	FIELD("id", NULL, FIELD_INTEGER, 0, "a number"),
	FIELDS_END,
};

static const struct field outer_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "a text"),
	FIELD("size", NULL, FIELD_BYTES, FIELD_NULL | FIELD_ASKED, "a number or null"),
	FIELD("words", NULL, FIELD_TEXTS, FIELD_ASKED, "texts"),
	FIELD_OF("all", FIELD_LIST, FIELD_ASKED, inner_fields, "objects"),
	FIELD_OF("self", FIELD_OBJECT, FIELD_ASKED, outer_fields, "one within it"),
	FIELDS_END,
};

static const struct field open_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "a text"),
	FIELDS_OPEN,
};

// The key at fault, NULL where all is as declared.
static void documents_are_held_against_what_is_declared(void **state)
{
	static const struct {
		const struct field *fields;
		const char *json, *fault;
	} rows[] = {
		{outer_fields, "{\"name\":\"a\"}", NULL},
		{outer_fields, "{\"size\":1}", "name"},
		{outer_fields, "{\"name\":1}", "name"},
		{outer_fields, "{\"name\":null}", "name"},
		{outer_fields, "{\"name\":\"a\",\"size\":null}", NULL},
		{outer_fields, "{\"name\":\"a\",\"size\":1.5}", "size"},
		{outer_fields, "{\"name\":\"a\",\"more\":1}", "more"},
		{outer_fields, "{\"name\":\"a\",\"words\":[\"b\",1]}", "words"},
		{outer_fields, "{\"name\":\"a\",\"all\":[{\"id\":1},{\"id\":\"2\"}]}", "id"},
		{outer_fields, "{\"name\":\"a\",\"self\":{\"name\":\"b\",\"self\":{}}}", "name"},
		{outer_fields, "[{\"name\":\"a\"},{\"nome\":\"b\"}]", "name"},
		{outer_fields, "[1]", ""},
		{open_fields, "{\"name\":\"a\",\"more\":1}", NULL},
		{open_fields, "{\"more\":1}", "name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};
		auto_json struct json *json = json_read(rows[i].json, "the row", &err);
		const char *fault = field_fault(rows[i].fields, json_inner(json));

		if (rows[i].fault)
			assert_string_equal(fault, rows[i].fault);
		else
			assert_null(fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_below_their_parents_whatever_the_parents_are),
		cmocka_unit_test(documents_are_held_against_what_is_declared),
		cmocka_unit_test(json_has_one_layout_whatever_the_library),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
