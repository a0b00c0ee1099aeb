// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of CPUs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "virt/cpus.h"

static void sets_are_read_and_written(void **state)
{
	static const struct {
		const char *typed;
		int count;
		const char *text; // NULL: refused
	} rows[] = {
		{"0", 4, "0"},          {"0-3", 4, "0-3"},
		{"3,0-1", 4, "0-1,3"},  {"0-3,^2", 4, "0-1,3"},
		{"^2,0-3", 4, "0-3"},   {"1,1,1", 4, "1"},
		{"r", 12, "0-11"},      {"8-9,15", 16, "8-9,15"},
		{"1023", 1024, "1023"}, {"", 4, NULL},
		{"4", 4, NULL},         {"1024", 4096, NULL},
		{"3-1", 4, NULL},       {"0-", 4, NULL},
		{"-1", 4, NULL},        {"^0", 4, NULL},
		{"0,^0", 4, NULL},      {"0-3,^1-2", 4, NULL},
		{"x", 4, NULL},         {"99999999999999999999", 4, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_free unsigned char *map = cpus_parse(rows[i].typed, rows[i].count, &err);
		auto_free char *text = map ? cpus_text(map, VIR_CPU_MAPLEN(rows[i].count)) : NULL;

		if (rows[i].text)
			assert_string_equal(text, rows[i].text);
		else
			assert_int_equal(err.status, STATUS_USAGE);
	}
}

static void letters_are_one_for_each(void **state)
{
	auto_error struct error err = {0};
	auto_free unsigned char *map = cpus_parse("1,3", 5, &err);
	auto_free char *letters = cpus_letters(map, 5);

	(void)state;
	assert_string_equal(letters, "-y-y-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_read_and_written),
		cmocka_unit_test(letters_are_one_for_each),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
