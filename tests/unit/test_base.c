// SPDX-License-Identifier: GPL-3.0-or-later
// lib/base
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/advice.h"
#include "base/base64.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/difference.h"
#include "base/error.h"
#include "base/exit.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/number.h"
#include "base/process.h"
#include "base/terminal.h"
#include "base/text.h"

static void whole_numbers_are_decimal(void **state)
{
	static const struct {
		const char *input;
		int result;
		long long expected;
	} rows[] = {
		{"0", 0, 0},    {"12", 0, 12},  {"+7", 0, 7},
		{"-5", 0, -5},  {"007", 0, 7},  {"", -1, 0},
		{" 1", 0, 1},   {"1 ", -1, 0},  {"0x10", -1, 0},
		{"1.5", -1, 0}, {"101", -1, 0}, {"-101", -1, 0},
		{"-", -1, 0},   {"+-1", -1, 0}, {"99999999999999999999", -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		long long number = 0;

		assert_int_equal(number_parse(rows[i].input, -100, 100, &number, &err),
				 rows[i].result);
		assert_int_equal(number, rows[i].expected);
		assert_int_equal(err.status, rows[i].result ? STATUS_USAGE : STATUS_OK);
	}
}

static void sizes_have_units(void **state)
{
	static const struct {
		const char *input;
		bool fraction;
		int result;
		unsigned long long expected;
	} rows[] = {
		{"1", false, 0, 1024},
		{"1b", false, 0, 1},
		{"3bytes", false, 0, 3},
		{"1k", false, 0, 1024},
		{"1KiB", false, 0, 1024},
		{"1KB", false, 0, 1000},
		{"2g", false, 0, 2ULL << 30},
		{"1E", false, 0, 1ULL << 60},
		{"1.5G", true, 0, 3ULL << 29},
		{"1.5G", false, -1, 0},
		{"0.5", true, 0, 512},
		{"1.", true, -1, 0},
		{" +1M", false, 0, 1ULL << 20},
		{"1 M", false, -1, 0},
		{"+", false, -1, 0},
		{"x", false, -1, 0},
		{"", false, -1, 0},
		{"-1", false, -1, 0},
		{"1X", false, -1, 0},
		{"1KiBx", false, -1, 0},
		{"1kk", false, -1, 0},
		{"2E", false, -1, 0},
		{"99999999999999999999", false, -1, 0},
		{"9999999999999E", false, -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		struct size_format format = {
			.unit = 1024, .most = 1ULL << 60, .fraction = rows[i].fraction};
		unsigned long long bytes = 0;

		assert_int_equal(size_parse(rows[i].input, format, &bytes, &err), rows[i].result);
		assert_true(bytes == rows[i].expected);
	}
}

static void control_characters_are_made_visible(void **state)
{
	static const struct {
		const char *input;
		bool lines;
		const char *expected;
	} rows[] = {
		{"plain é", false, "plain é"},
		{"\033[31mred", false, "\\x1b[31mred"},
		{"a\nb\tc", false, "a\\x0ab\\x09c"},
		{"a\nb\tc", true, "a\nb\tc"},
		{"a\rb", true, "a\\x0db"},
		{"\x7f", true, "\\x7f"},
		{"\xc2\x9b"
		 "31m",
		 true, "\\xc2\\x9b31m"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_text struct text out = {0};

		text_append_harmless(&out, rows[i].input, rows[i].lines);
		assert_string_equal(text_string(&out), rows[i].expected);
	}
}

static void words_of_commands_are_quoted(void **state)
{
	static const struct {
		const char *input, *expected;
	} rows[] = {
		{"tiny", "vmctl start 'tiny' --paused"},
		{"", "vmctl start '' --paused"},
		{"it's $(x)", "vmctl start 'it'\\''s $(x)' --paused"},
		{"-x", "vmctl start -- '-x' --paused"},
		{"Zo\xc3\xab", "vmctl start 'Zo\xc3\xab' --paused"},
		{"a\nb", "vmctl start $'a\\x0ab' --paused"},
		{"\033]'\\", "vmctl start $'\\x1b]\\'\\\\' --paused"},
		{"\xc2\x9b 1\xff", "vmctl start $'\\xc2\\x9b 1\\xff' --paused"},
		{"\xe2\x82", "vmctl start $'\\xe2\\x82' --paused"},
		{"$0", "vmctl start $'\\x240' --paused"},
		{"$vmctl", "vmctl start $'\\x24vmctl' --paused"},
		{"$HOME", "vmctl start '$HOME' --paused"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *said = advice("vmctl start -- '%s' --paused", rows[i].input);

		assert_string_equal(said, rows[i].expected);
	}
}

static void advice_is_written_as_by_printf(void **state)
{
	auto_free char *said =
		advice("the guest's '%s.%s' -- %d %u %lu %lld %llu %zu %.1f%% --root '%s/tree'",
		       "a b", "c", -1, 2U, 3UL, -4LL, 5ULL, (size_t)6, 7.25, "-it's");

	(void)state;
	assert_string_equal(said,
			    "the guest's 'a b.c' -- -1 2 3 -4 5 6 7.2% --root '-it'\\''s/tree'");
}

static void columns_count_what_is_seen(void **state)
{
	static const struct {
		const char *input;
		int expected;
	} rows[] = {{"", 0}, {"abc", 3}, {"é", 1}, {"東京", 4}, {"e\xcc\x81", 1}, {"\xff\xff", 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(terminal_columns(rows[i].input), rows[i].expected);
}

static void lists_split_and_join(void **state)
{
	auto_list struct list list = list_split(",a,,b c,", ",");
	auto_free char *joined = list_join(&list, "+");

	(void)state;
	assert_int_equal(list.count, 2);
	assert_string_equal(joined, "a+b c");
	assert_true(list_has(&list, "b c"));
	assert_false(list_has(&list, "b"));
}

static void errors_keep_the_reason_when_wrapped(void **state)
{
	auto_error struct error err = {0};

	(void)state;
	error_set_errno(&err, ENOENT, "cannot read '%s'", "/x");
	assert_int_equal(err.status, STATUS_NOT_FOUND);
	error_wrap(&err, "no %s", "luck");
	assert_string_equal(err.message, "no luck");
	assert_string_equal(err.reason, "cannot read '/x': No such file or directory");
}

static char *made_directory(void)
{
	char *path = text_copy("/tmp/vmkit-unit-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

static void files_are_replaced_whole_or_not_at_all(void **state)
{
	auto_error struct error err = {0};
	auto_free char *directory = made_directory();
	auto_free char *path = text_format("%s/file", directory), *content = NULL;
	auto_free char *impossible = text_format("%s/none/file", directory);
	struct stat status;
	size_t length;

	(void)state;
	assert_int_equal(file_replace(path, "one", 3, 0644, &err), 0);
	assert_int_equal(file_replace(path, "second", 6, 0600, &err), 0);
	content = file_read(path, 100, &length, &err);
	assert_string_equal(content, "second");
	assert_int_equal(length, 6);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_null(file_read(path, 5, NULL, &err));
	assert_int_equal(file_replace(impossible, "x", 1, 0600, &err), -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0); // nothing else was left in it
}

static void base64_goes_both_ways(void **state)
{
	// RFC 4648, section 10, and what the others may come as.
	static const struct {
		const char *bytes, *text;
	} rows[] = {{"", ""},
		    {"f", "Zg=="},
		    {"fo", "Zm8="},
		    {"foo", "Zm9v"},
		    {"foob", "Zm9vYg=="},
		    {"fooba", "Zm9vYmE="},
		    {"foobar", "Zm9vYmFy"},
		    {"\xff\xfe\xfb", "//77"}};
	static const char *const wrong[] = {"Z", "Zm9vZ", "Zg=",   "Zg=a",
					    "=", "Z*==",  "Zg===", "Zg==Zg=="};
	size_t length;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_free char *text = base64_encode(rows[i].bytes, strlen(rows[i].bytes));
		auto_free char *bytes = base64_decode(rows[i].text, &length, &err);

		assert_string_equal(text, rows[i].text);
		assert_string_equal(bytes, rows[i].bytes);
		assert_int_equal(length, strlen(rows[i].bytes));
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		auto_error struct error err = {0};

		assert_null(base64_decode(wrong[i], &length, &err));
		assert_int_equal(err.status, STATUS_USAGE);
	}
	{
		auto_error struct error err = {0};
		auto_free char *bytes = base64_decode(" Zm9\r\nvYg \n", &length, &err);

		assert_string_equal(bytes, "foob");
	}
}

static void a_private_directory_goes_with_its_files(void **state)
{
	auto_error struct error err = {0};
	auto_free char *directory = file_private_directory(&err);
	auto_free char *file = text_format("%s/.hidden", directory);
	struct stat status;

	(void)state;
	assert_non_null(directory);
	assert_int_equal(stat(directory, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(file_count(directory), 0);
	assert_int_equal(file_replace(file, "x", 1, 0600, &err), 0);
	assert_int_equal(file_count(directory), 1);
	file_remove_directory(directory);
	assert_false(file_exists(directory));
	assert_int_equal(file_count(directory), -1);
}

static void who_has_the_terminal_is_told_to_end(void **state)
{
	static const char *const fine[] = {"sh", "-c", "kill -INT $PPID; exit 7", NULL};
	static const char *const deaf[] = {"sh", "-c", "trap '' TERM; kill -TERM $PPID; sleep 60",
					   NULL};
	auto_error struct error err = {0};

	(void)state;
	interrupt_catch();
	// ^C is the child's.
	assert_int_equal(process_run_interactive(fine, &err), 7);
	assert_int_equal(process_run_interactive(deaf, &err), -1);
	assert_int_equal(err.status, STATUS_SIGNAL + SIGTERM);
	interrupt_set(0);
}

static void children_are_collected(void **state)
{
	auto_error struct error err = {0};
	auto_process_result struct process_result result = {0};
	const char *const argv[] = {"sh", "-c", "echo out; echo err >&2; exit 3", NULL};
	struct process process = {.argv = argv};

	(void)state;
	assert_int_equal(process_run(&process, &result, &err), 0);
	assert_int_equal(result.exit_status, 3);
	assert_string_equal(result.output, "out\n");
	assert_string_equal(result.errors, "err\n");
	assert_null(process_output(&process, &err));
	assert_string_equal(err.message, "'sh' failed");
	assert_string_equal(err.reason, "err");
}

static void children_that_hang_are_killed(void **state)
{
	auto_error struct error err = {0};
	auto_process_result struct process_result result = {0};
	const char *const argv[] = {"sleep", "100", NULL};
	struct process process = {.argv = argv, .timeout = 50};
	long long start = clock_milliseconds();

	(void)state;
	assert_int_equal(process_run(&process, &result, &err), -1);
	assert_int_equal(err.status, STATUS_TIMEOUT);
	assert_true(clock_milliseconds() - start < 2000);
}

static void programs_that_do_not_exist_are_named(void **state)
{
	auto_error struct error err = {0};
	const char *const argv[] = {"vmkit-no-such-program", NULL};
	struct process process = {.argv = argv};

	(void)state;
	assert_null(process_output(&process, &err));
	assert_int_equal(err.status, STATUS_NOT_FOUND);
	assert_non_null(strstr(err.message, "vmkit-no-such-program"));
	assert_false(process_find("vmkit-no-such-program", NULL));
	assert_true(process_find("sh", NULL));
}

static void differences_are_unified(void **state)
{
	static const struct {
		const char *before, *after, *expected;
	} rows[] = {
		{"", "", ""},
		{"a\nb\n", "a\nb\n", ""},
		{"", "a\n", "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n"},
		{"a\n", "", "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n"},
		{"a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nd\nE\nf\ng\n",
		 "--- old\n+++ new\n@@ -2,6 +2,6 @@\n b\n c\n d\n-e\n+E\n f\n g\n"},
		// Six equal lines join two changes, seven part them.
		{"x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
		 "--- old\n+++ new\n@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n"},
		{"x\n1\n2\n3\n4\n5\n6\n7\ny\n", "X\n1\n2\n3\n4\n5\n6\n7\nY\n",
		 "--- old\n+++ new\n@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n"
		 "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-y\n+Y\n"},
		// The longest run is kept, not most lines.
		{"a\nb\nc\nd\n", "c\nd\na\nx\nb\n",
		 "--- old\n+++ new\n@@ -1,4 +1,5 @@\n-a\n-b\n c\n d\n+a\n+x\n+b\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *text =
			difference_unified(rows[i].before, rows[i].after, "old", "new");

		assert_string_equal(text, rows[i].expected);
	}
}

// How a child ends that writes to a socket whose other end is closed, and then, where SPEAKS, to a
// standard output that nobody reads.
static int end_of_writer(bool speaks)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int sockets[2], output[2];

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0 || pipe(output) < 0)
			_exit(3);
		close(sockets[0]);
		dup2(output[1], STDOUT_FILENO);
		exit_at_own_pipes();
		if (write(sockets[1], "x", 1) >= 0 || errno != EPIPE)
			_exit(1);
		close(output[0]);
		if (speaks && write(STDOUT_FILENO, "x", 1) < 0)
			_exit(2);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void only_our_own_pipes_end_us(void **state)
{
	int status = end_of_writer(true);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPIPE);
	status = end_of_writer(false);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_decimal),
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(control_characters_are_made_visible),
		cmocka_unit_test(words_of_commands_are_quoted),
		cmocka_unit_test(advice_is_written_as_by_printf),
		cmocka_unit_test(columns_count_what_is_seen),
		cmocka_unit_test(lists_split_and_join),
		cmocka_unit_test(errors_keep_the_reason_when_wrapped),
		cmocka_unit_test(files_are_replaced_whole_or_not_at_all),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(a_private_directory_goes_with_its_files),
		cmocka_unit_test(who_has_the_terminal_is_told_to_end),
		cmocka_unit_test(differences_are_unified),
		cmocka_unit_test(only_our_own_pipes_end_us),
		cmocka_unit_test(children_are_collected),
		cmocka_unit_test(children_that_hang_are_killed),
		cmocka_unit_test(programs_that_do_not_exist_are_named),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
