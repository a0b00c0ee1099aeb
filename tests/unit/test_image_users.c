// SPDX-License-Identifier: GPL-3.0-or-later
// lib/image: who uses a file, and what the arguments of a QEMU tell.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "image/qemu_process.h"
#include "image/users.h"

static void the_arguments_name_the_guest(void **state)
{
	static const struct {
		const char *program, *name, *guest;
	} rows[] = {
		{"/usr/bin/qemu-system-x86_64", "guest=web,debug-threads=on", "web"},
		{"qemu-system-aarch64", "web", "web"},
		{"qemu-kvm", "web,process=x", "web"},
		{"/usr/bin/kvm", "debug-threads=on,guest=web", "web"},
		{"qemu-system-x86_64", "guest=a,,b,debug-threads=on", "a,b"},
		{"qemu-system-x86_64", "guest=", ""},
		{"qemu-system-x86_64", NULL, NULL},
		{"vim", "guest=web", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_list struct list arguments = {0};
		auto_free char *guest = NULL;

		list_add(&arguments, rows[i].program);
		if (rows[i].name) {
			list_add(&arguments, "-name");
			list_add(&arguments, rows[i].name);
		}
		guest = qemu_process_guest(&arguments);
		if (!text_equal(guest, rows[i].guest))
			fail_msg("%s: %s", rows[i].name, guest ? guest : "(none)");
	}
}

static void the_arguments_name_files(void **state)
{
	static const struct {
		const char *argument;
		bool found, writes;
	} rows[] = {
		{"{\"driver\":\"file\",\"filename\":\"/i/a.raw\",\"node-name\":\"x\"}", true, true},
		{"{\"filename\":\"/i/a.raw\",\"read-only\":true}", true, false},
		{"file=/i/a.raw,format=raw", true, true},
		{"file=/i/a.raw,readonly=on", true, false},
		{"/i/a.raw", true, true},
		{"file:/i/a.raw", true, true},
		{"/i/a.raw2", false, false},
		{"/x/i/a.raw", false, false},
		{"/i/a.ra", false, false},
		{"", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_list struct list arguments = {0};
		bool writes = true;

		list_add(&arguments, "qemu-system-x86_64");
		list_add(&arguments, rows[i].argument);
		if (qemu_process_names(&arguments, "/i/a.raw", &writes) != rows[i].found ||
		    writes != rows[i].writes)
			fail_msg("%s", rows[i].argument);
	}
}

// A child that has the file open with FLAGS until it is killed.
static pid_t hold(const char *path, int flags)
{
	int word[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe2(word, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		if (open(path, flags | O_CLOEXEC) < 0 || write(word[1], "", 1) != 1)
			_exit(1);
		while (true)
			pause();
	}
	assert_int_equal(read(word[0], &byte, 1), 1);
	close(word[0]);
	close(word[1]);
	return child;
}

static void release(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void processes_are_found_by_what_they_have_open(void **state)
{
	char path[] = "/tmp/vmkit-unit-XXXXXX";
	const char *const paths[] = {"/missing", path, path};
	auto_users struct users users = {0}, nobody = {0};
	auto_error struct error err = {0};
	int fd = mkostemp(path, O_CLOEXEC);
	pid_t child;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_false(users_any(path));
	child = hold(path, O_RDONLY);
	assert_true(users_any(path));
	assert_int_equal(users_check(path, &err), 0);
	release(child);
	child = hold(path, O_RDWR);
	users_find(paths, 3, &users);
	assert_int_equal(users.count, 2);
	for (size_t i = 0; i < users.count; i++) {
		assert_int_equal(users.all[i].process, child);
		assert_true(users.all[i].writes && users_blocks(&users.all[i]));
	}
	assert_int_equal(users.all[0].file + users.all[1].file, 3);
	assert_int_equal(users_check(path, &err), -1);
	assert_int_equal(err.status, STATUS_CONFLICT);
	assert_non_null(strstr(err.message, path));
	release(child);
	assert_false(users_any(path));
	users_find(paths, 3, &nobody);
	assert_int_equal(nobody.count, 0);
	unlink(path);
	assert_true(users_any(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_arguments_name_the_guest),
		cmocka_unit_test(the_arguments_name_files),
		cmocka_unit_test(processes_are_found_by_what_they_have_open),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
