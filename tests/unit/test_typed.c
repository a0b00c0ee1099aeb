// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are being typed: what the word at the cursor is, and what completes it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "cli/typed.h"

struct row {
	const char *line;
	const char *word;      // at the cursor
	const char *candidate; // which begins with it
	const char *replacement;
};

static void check(struct typed typed, const struct row *row)
{
	auto_free char *replacement = typed_replacement(&typed, row->candidate);

	assert_string_equal(typed.words.items[typed.words.count - 1], row->word);
	assert_string_equal(replacement, row->replacement);
	typed_clear(&typed);
}

static void a_command_is_completed_by_virsh_s_rules(void **state)
{
	static const struct row rows[] = {
		{"start ", "", "web", "web"},
		{"start we", "we", "web", "web"},
		{"start my", "my", "my guest", "my\\ guest"},
		{"start my\\ gu", "my gu", "my guest", "my\\ guest"},
		{"start \"my gu", "my gu", "my guest", "my guest"},
		{"start 'my gu", "my gu", "my guest", "my guest"},
		{"start 'my gu", "my gu", "my guest's", "my guest'\\''s"},
		{"start \"my gu", "my gu", "my guest\"s", "my guest\\\"s"},
		{"start my\" gu", "my gu", "my guest", " guest"},
		{"start \"my \"gu", "my gu", "my guest", "my\\ guest"},
		{"start a; dominfo we", "we", "web", "web"},
		{"start 'a;b' we", "we", "web", "web"},
		{"start --domain=we", "--domain=we", "--domain=web", "--domain=web"},
		{"start it\\'", "it'", "it's", "it\\'s"},
		{"start a\\", "a", "ab", "ab"},
		{"st", "st", "start", "start"},
		{"", "", "start", "start"},
		{"list # we", "", "web", "web"},
		{"start \\\n we", "we", "web", "web"},
		{"start w\\\ne", "we", "we\nb", "we'\n'b"},
		{"start \"w\\\ne", "we", "web", "web"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(typed_as_command(rows[i].line), &rows[i]);
}

static void a_shell_s_line_is_completed_behind_the_last_break(void **state)
{
	static const char breaks[] = " \t\n\"'><=;|&(:"; // bash's default
	static const struct row rows[] = {
		{"vmctl start we", "we", "web", "web"},
		{"vmctl start my\\ gu", "my gu", "my guest", "my\\ guest"},
		{"vmctl start \"my gu", "my gu", "my guest", "my guest"},
		{"vmctl start \"a\\b", "a\\b", "a\\bc", "a\\\\bc"},
		{"vmctl start 'my gu", "my gu", "my guest", "my guest"},
		{"vmctl -c test:///d", "test:///d", "test:///default", "///default"},
		{"vmctl -c 'test:///d", "test:///d", "test:///default", "test:///default"},
		{"vmctl --connect=test:///d", "--connect=test:///d", "--connect=test:///default",
		 "///default"},
		{"vmctl start --domain=my\\ g", "--domain=my g", "--domain=my guest", "my\\ guest"},
		{"vmctl start \"my \"gu", "my gu", "my guest", "guest"},
		{"vmctl start ", "", "$(rm)", "\\$\\(rm\\)"},
		{"vmctl start \"", "", "$(rm)`", "\\$(rm)\\`"},
		{"vmctl start '", "", "$(rm)", "$(rm)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(typed_in_shell(rows[i].line, breaks), &rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_completed_by_virsh_s_rules),
		cmocka_unit_test(a_shell_s_line_is_completed_behind_the_last_break),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
