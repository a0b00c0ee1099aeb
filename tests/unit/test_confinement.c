// SPDX-License-Identifier: GPL-3.0-or-later
// What a confined child process may do, and what not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

static char directory[] = "/tmp/vmkit-confinement-XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int remove_directory(void **state)
{
	const char *const argv[] = {"rm", "-rf", directory, NULL};
	auto_error struct error ignored = {0};

	(void)state;
	return chdir("/") == 0 ? process_run_attached(argv, &ignored) : -1;
}

static int run(const struct confinement *confinement, const char *line)
{
	const char *const argv[] = {"sh", "-c", line, NULL};
	struct process process = {.argv = argv, .bound = true, .confinement = confinement};
	auto_process_result struct process_result result = {0};
	auto_error struct error err = {0};

	assert_int_equal(process_run(&process, &result, &err), 0);
	return result.exit_status;
}

static bool kernel_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static void only_what_was_named_is_opened(void **state)
{
	static const struct {
		const char *line;
		bool allowed;
	} rows[] = {
		{"cat readable", true},
		{"cat writable", true},
		{"cat readable >/dev/null", true},
		{"echo x >>writable", true},
		{"echo x >made/new && mv made/new made/other && rm made/other", true},
		{"ls /usr/bin", true},
		{"echo x >>readable", false},
		{"cat secret", false},
		{"echo x >>secret", false},
		{"echo x >new", false},
		{"rm -f secret", false},
		{"mv secret writable", false},
		{"cat link-to-secret", false},
		{"cat /etc/passwd", false},
		{"cat /proc/$PPID/environ", false},
	};
	auto_confinement struct confinement confinement = {.files = true};

	(void)state;
	if (!kernel_has_landlock())
		skip();
	assert_int_equal(run(NULL, "echo 1 | tee readable writable secret >/dev/null; mkdir made;"
				   "ln -s secret link-to-secret"),
			 0);
	list_add(&confinement.read, "readable");
	list_add(&confinement.read, "missing");
	list_add(&confinement.write, "writable");
	list_add(&confinement.write, "made");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((run(&confinement, rows[i].line) == 0) != rows[i].allowed)
			fail_msg("%s", rows[i].line);
}

static void memory_has_a_bound(void **state)
{
	const struct confinement confinement = {.memory = 256ULL << 20};
	const char line[] = "dd if=/dev/zero of=/dev/null bs=512M count=1 2>/dev/null";

	(void)state;
	assert_int_equal(run(NULL, line), 0);
	assert_int_not_equal(run(&confinement, line), 0);
}

static void time_has_a_bound(void **state)
{
	const struct confinement confinement = {.seconds = 1};

	(void)state;
	assert_int_equal(run(&confinement, "while :; do :; done"), STATUS_SIGNAL + SIGXCPU);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_named_is_opened),
		cmocka_unit_test(memory_has_a_bound),
		cmocka_unit_test(time_has_a_bound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_directory, remove_directory);
}
