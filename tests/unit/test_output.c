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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_below_their_parents_whatever_the_parents_are),
		cmocka_unit_test(json_has_one_layout_whatever_the_library),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
