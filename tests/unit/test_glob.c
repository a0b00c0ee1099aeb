// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns of names: as glob(7) describes them, and ranges of numbers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h needs those before it.
#include <cmocka.h>
#include <fnmatch.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "cli/glob.h"

// What a shell's pattern says, glibc says too.
static void patterns_match_as_in_a_shell(void **state)
{
	static const char *const patterns[] = {"",      "*",      "web",      "web*",   "*b",
					       "w*b*1", "w?b1",   "????",     "[vw]*",  "[!v]*",
					       "[^w]*", "*[0-9]", "we[a-c]1", "**1",    "*a*a*",
					       "caf?",  "caf[é]", "[!x]*",    "*eb*eb*"};
	static const char *const names[] = {"",    "web",  "web1", "weba", "web-web",
					    "aaa", "café", "b",    "1"};

	(void)state;
	for (size_t p = 0; p < sizeof(patterns) / sizeof(*patterns); p++)
		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
			if (glob_matches(patterns[p], names[n]) !=
			    (fnmatch(patterns[p], names[n], 0) == 0))
				fail_msg("'%s' and '%s'", patterns[p], names[n]);
}

static void ranges_are_of_numbers(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = {
		{"web[1-20]", "web1", true},    {"web[1-20]", "web20", true},
		{"web[1-20]", "web21", false},  {"web[1-20]", "web01", false},
		{"web[01-20]", "web01", true},  {"web[01-20]", "web1", false},
		{"web[01-20]", "web20", true},  {"web[01-20]", "web001", false},
		{"web[9-11]x", "web10x", true}, {"web[9-11]x", "web10", false},
		{"*[9-11]*", "a10b", true},     {"[1-2][1-20]", "120", true},
		{"[1-2][1-20]", "321", false},  {"web[0-9]", "web0", true},
		{"web[0-9]", "web00", false},   {"web[", "web[", true},
		{"web[1-20", "web1", false},    {"web[12]", "web12", false},
		{"*\xff*", "a\xff", true},      {"vm[1-123456789012]", "vm99999999999", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (glob_matches(rows[i].pattern, rows[i].name) != rows[i].matches)
			fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].name);
}

// A matcher that tries one way after the other would take years.
static void no_pattern_takes_long(void **state)
{
	enum { LENGTH = 200 };
	auto_free char *name = memory_new(LENGTH + 1, 1);
	auto_free char *stars = memory_new(2 * LENGTH + 2, 1);
	auto_free char *numbers = memory_new(20 * LENGTH + 1, 1);

	(void)state;
	memset(name, '1', LENGTH);
	for (size_t i = 0; i < LENGTH / 2; i++)
		memcpy(stars + 2 * i, "*1", 2);
	for (size_t i = 0; i < LENGTH / 10; i++)
		memcpy(numbers + 17 * i, "[1-9999999999999]", 17);
	assert_true(glob_matches(stars, name));
	strcat(stars, "x");
	assert_false(glob_matches(stars, name));
	assert_true(glob_matches(numbers, name));
	strcat(numbers, "x");
	assert_false(glob_matches(numbers, name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_in_a_shell),
		cmocka_unit_test(ranges_are_of_numbers),
		cmocka_unit_test(no_pattern_takes_long),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
