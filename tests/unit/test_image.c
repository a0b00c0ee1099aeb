// SPDX-License-Identifier: GPL-3.0-or-later
// lib/image: headers are read as qemu-img reads them, and images are made as it makes them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/private_directory.h"
#include "base/process.h"
#include "base/text.h"
#include "image/create.h"
#include "image/image.h"
#include "image/path.h"
#include "image/settings.h"
#include "output/json.h"

// Each test works in a directory of its own, which is the current one.
static int enter_directory(void **state)
{
	char *path = text_copy("/tmp/vmkit-unit-XXXXXX");

	*state = path;
	return mkdtemp(path) && chdir(path) == 0 ? 0 : -1;
}

static int leave_directory(void **state)
{
	const char *const argv[] = {"rm", "-rf", *state, NULL};
	struct error err = {0};
	int failed = chdir("/") < 0 || process_run_attached(argv, &err) != 0;

	free(*state);
	return failed ? -1 : 0;
}

// Runs the words of COMMAND, parted at blanks, and gives what they print.
static char *output_of(const char *command)
{
	auto_error struct error err = {0};
	auto_list struct list words = list_split(command, " ");
	struct process process = {.argv = (const char *const *)words.items};
	char *output = process_output(&process, &err);

	if (!output)
		fail_msg("%s: %s", command, err.reason);
	return output;
}

static void run(const char *command)
{
	free(output_of(command));
}

static int run_status(const char *command)
{
	auto_error struct error err = {0};
	auto_process_result struct process_result result = {0};
	auto_list struct list words = list_split(command, " ");
	struct process process = {.argv = (const char *const *)words.items};

	assert_int_equal(process_run(&process, &result, &err), 0);
	return result.exit_status;
}

static struct json *facts_of(const char *path)
{
	auto_error struct error err = {0};
	auto_free char *command = text_format("qemu-img info --output=json %s", path);
	auto_free char *output = output_of(command);

	return json_read(output, "qemu-img", &err);
}

static void assert_same_text(const struct json *facts, const char *key, const char *ours)
{
	const char *theirs = json_get_text(facts, key);

	if (!text_equal(theirs, ours))
		fail_msg("%s: %s instead of %s", key, ours ? ours : "(none)",
			 theirs ? theirs : "(none)");
}

static void compare_with_qemu_img(const char *path)
{
	auto_error struct error err = {0};
	auto_json struct json *facts = facts_of(path);
	auto_image struct image image = {0};

	if (image_read(path, NULL, &image, &err) < 0)
		fail_msg("%s: %s", err.message, err.reason);
	assert_same_text(facts, "format", image.format);
	assert_int_equal(json_get_unsigned(facts, "virtual-size"), image.virtual_size);
	assert_int_equal(json_get_unsigned(facts, "actual-size"), image.allocated);
	assert_int_equal(json_get_unsigned(facts, "cluster-size"), image.cluster_size);
	assert_same_text(facts, "backing-filename", image.backing_file);
	assert_same_text(facts, "backing-filename-format", image.backing_format);
	assert_int_equal(json_get_boolean(facts, "encrypted"), image.encrypted);
	assert_int_equal(json_get_boolean(facts, "dirty-flag"), image.dirty);
}

static void headers_are_read_as_qemu_img_reads_them(void **state)
{
	static const char *const made[] = {
		"-f raw a.raw 1000",
		"-f qcow2 a.qcow2 1G",
		"-f qcow2 -o compat=0.10 b.qcow2 5G",
		"-f qcow2 -o extended_l2=on,compression_type=zstd,lazy_refcounts=on c.qcow2 7M",
		"-f qcow2 -b a.qcow2 -F qcow2 d.qcow2",
		"-f qcow2 -o data_file=e.raw,data_file_raw=on e.qcow2 3M",
		"-f vmdk a.vmdk 1G",
		"-f vmdk -o subformat=streamOptimized b.vmdk 2G",
		"-f vmdk -o subformat=monolithicFlat c.vmdk 3M",
		"-f vmdk -o subformat=twoGbMaxExtentSparse d.vmdk 5G",
		"-f vmdk -b a.vmdk -F vmdk e.vmdk",
		"-f vdi a.vdi 1000000",
		"-f vdi -o static=on b.vdi 4M",
		"-f vpc a.vpc 1G",
		"-f vpc -o force_size=on b.vpc 1000000",
		"-f vpc -o subformat=fixed c.vpc 10M",
		"-f vhdx a.vhdx 5G",
		"-f qed a.qed 1G",
		"-f qed -b a.raw -F raw b.qed",
		"-f qed -b a.qcow2 -F qcow2 c.qed",
		"-f qcow a.qcow 1000000",
		"-f qcow -b a.raw -F raw b.qcow",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		auto_free char *command = text_format("qemu-img create -q %s", made[i]);
		auto_list struct list words = list_split(made[i], " ");
		const char *name = words.items[words.count - 1];

		run(command);
		compare_with_qemu_img(strchr(name, '.') ? name : words.items[words.count - 2]);
	}
}

static void empty_qcow2_images_are_those_of_qemu_img(void **state)
{
	static const struct {
		const char *settings, *size;
	} rows[] = {
		{"compat=1.1", "0"},
		{"compat=1.1", "1000"},
		{"compat=1.1", "10G"},
		{"compat=v3", "20T"},
		{"compat=0.10", "10G"},
		{"cluster_size=4k", "10G"},
		{"cluster_size=512", "10M"},
		{"cluster_size=2M", "1P"},
		{"extended_l2=on", "10G"},
		{"compression_type=zstd", "10G"},
		{"lazy_refcounts=on", "10G"},
		{"refcount_bits=1", "10G"},
		{"refcount_bits=2", "10G"},
		{"refcount_bits=8", "10G"},
		{"refcount_bits=64", "10G"},
		{"backing_file=base,backing_fmt=raw", "10G"},
		{"backing_file=base,backing_fmt=raw,compat=0.10", "10G"},
		{"backing_file=base,backing_fmt=raw,extended_l2=on,cluster_size=64K", "10G"},
	};

	(void)state;
	run("truncate -s 10G base");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_free char *command = text_format("qemu-img create -q -f qcow2 -o %s theirs %s",
						      rows[i].settings, rows[i].size);
		auto_free char *size = text_format("size=%s", rows[i].size);
		auto_list struct list settings = {0};
		struct creation creation = {
			.path = "ours", .format = "qcow2", .replace = true, .settings = &settings};

		list_add(&settings, rows[i].settings);
		list_add(&settings, size);
		run(command);
		if (create_image(&creation, NULL, &err) < 0)
			fail_msg("%s: %s", rows[i].settings, err.reason);
		if (run_status("cmp ours theirs") != 0)
			fail_msg("%s, %s: other bytes", rows[i].settings, rows[i].size);
	}
}

static void the_format_of_a_backing_file_is_not_guessed(void **state)
{
	auto_error struct error err = {0};
	auto_image struct image made = {0};
	struct creation creation = {.path = "top", .format = "qcow2", .backing_file = "base"};

	(void)state;
	run("qemu-img create -q -f vdi base 3G");
	assert_int_equal(create_image(&creation, &made, &err), -1);
	assert_int_equal(err.status, STATUS_USAGE);
	assert_non_null(strstr(err.hint, "-F vdi"));
	creation.backing_format = "vdi";
	assert_int_equal(create_image(&creation, &made, &err), 0);
	assert_string_equal(made.backing_format, "vdi");
	assert_int_equal(made.virtual_size, 3ULL << 30);
}

static size_t files_here(void)
{
	glob_t found = {0};
	size_t count = glob("*", 0, NULL, &found) == 0 ? found.gl_pathc : 0;

	globfree(&found);
	if (glob(".[!.]*", 0, NULL, &found) == 0)
		count += found.gl_pathc;
	globfree(&found);
	return count;
}

static void a_failure_leaves_nothing(void **state)
{
	static const struct {
		const char *format, *setting, *backing;
		enum status status;
	} rows[] = {
		{"qcow2", "cluster_size=17", NULL, STATUS_FAILED},
		{"qcow2", "nonsense=1", NULL, STATUS_FAILED},
		{"qcow2", "=", NULL, STATUS_USAGE},
		{"qcow2", NULL, "missing", STATUS_NOT_FOUND},
		{"vmdk", "subformat=nonsense", NULL, STATUS_FAILED},
		{"raw", NULL, "missing", STATUS_NOT_FOUND},
		{"nonsense", NULL, NULL, STATUS_FAILED},
		{"qcow2", "data_file=d,nonsense=1", NULL, STATUS_FAILED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_list struct list settings = {0};
		struct creation creation = {.path = "new",
					    .format = rows[i].format,
					    .size = 1 << 20,
					    .sized = true,
					    .backing_file = rows[i].backing,
					    .settings = &settings};

		if (rows[i].setting)
			list_add(&settings, rows[i].setting);
		assert_int_equal(create_image(&creation, NULL, &err), -1);
		assert_int_equal(err.status, rows[i].status);
		assert_int_equal(files_here(), 0);
	}
}

static void what_exists_is_replaced_only_when_asked(void **state)
{
	auto_error struct error err = {0};
	struct creation creation = {.path = "disk", .size = 4096, .sized = true};
	struct stat status;

	(void)state;
	assert_int_equal(file_replace("disk", "precious", 8, 0600, &err), 0);
	assert_int_equal(create_image(&creation, NULL, &err), -1);
	assert_int_equal(err.status, STATUS_CONFLICT);
	assert_int_equal(stat("disk", &status), 0);
	assert_int_equal(status.st_size, 8);
	creation.replace = true;
	assert_int_equal(create_image(&creation, NULL, &err), 0);
	assert_int_equal(stat("disk", &status), 0);
	assert_int_equal(status.st_size, 4096);
	assert_int_equal(status.st_mode & 0777, 0600);
	// An empty file holds nothing that could be lost.
	creation.replace = false;
	creation.path = "empty";
	assert_int_equal(file_replace("empty", "", 0, 0600, &err), 0);
	assert_int_equal(create_image(&creation, NULL, &err), 0);
	assert_int_equal(files_here(), 2);
}

static void an_image_is_not_its_own_backing_file(void **state)
{
	auto_error struct error err = {0};
	struct creation creation = {
		.path = "disk", .format = "qcow2", .backing_file = "./disk", .replace = true};

	(void)state;
	run("truncate -s 1M disk");
	assert_int_equal(create_image(&creation, NULL, &err), -1);
	assert_int_equal(err.status, STATUS_CONFLICT);
}

// A directory as a killed program leaves it; without MARKED one that was only renamed so.
static char *make_leftover(const char *host, int pid, bool marked)
{
	auto_free char *name = text_format(".disk.vmkit-%s-%d-%d", host, pid, marked);
	auto_free char *mark = text_format("%s/%s", name, private_directory_mark);
	auto_free char *file = text_format("%s/disk", name);

	assert_int_equal(mkdir(name, 0700), 0);
	if (marked)
		assert_int_equal(mknod(mark, S_IFREG | 0600, 0), 0);
	assert_int_equal(mknod(file, S_IFREG | 0600, 0), 0);
	return take(&name);
}

static void what_a_killed_program_left_is_removed(void **state)
{
	auto_error struct error err = {0};
	struct creation creation = {.path = "disk", .size = 4096, .sized = true};
	char host[49] = {0};
	auto_free char *stale = NULL, *alive = NULL, *renamed = NULL, *remove_leftover = NULL;

	(void)state;
	gethostname(host, 48);
	stale = make_leftover(host, 0x7ffffffe, true);
	alive = make_leftover(host, (int)getppid(), true);
	renamed = make_leftover(host, 0x7ffffffe, false);
	assert_int_equal(create_image(&creation, NULL, &err), 0);
	assert_false(file_exists(stale));
	assert_true(file_exists(alive));
	assert_true(file_exists(renamed));
	remove_leftover = text_format("rm -r %s %s", alive, renamed);
	run(remove_leftover);
}

static void absurd_headers_are_refused(void **state)
{
	// Bytes put over a sound image of 1 GiB; none of it may be believed.
	static const struct {
		const char *format;
		off_t offset;
		unsigned char bytes[8];
		size_t length;
	} rows[] = {
		{"qcow2", 7, {9}, 1},                                         // version
		{"qcow2", 23, {63}, 1},                                       // cluster bits
		{"qcow2", 8, {0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}, 8},        // backing name
		{"qcow2", 24, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8}, // size
		{"qcow2", 35, {7}, 1},                                        // encryption
		{"qcow2", 35, {2}, 1},                                        // LUKS without header
		{"qcow2", 60, {0xff, 0xff, 0xff, 0xff}, 4},                   // snapshots
		{"qcow2", 60, {0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}, 8},       // their table
		{"qcow2", 72, {0x80}, 1},                                     // features
		{"qcow2", 99, {99}, 1},                                       // refcount width
		{"qcow2", 100, {0xff, 0xff, 0xff, 0xff}, 4},                  // header length
		{"qcow2", 116, {0xff, 0xff, 0xff, 0xff}, 4},                  // extension length
		{"vdi", 68, {9, 9}, 2},                                       // version
		{"vdi", 376, {1}, 1},                                         // block size
		{"vdi", 368, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8},  // size
		{"vdi", 384, {0xff, 0xff, 0xff, 0xff}, 4},                    // blocks
		{"vdi", 340, {1}, 1},                                         // map of them
		{"vdi", 360, {1}, 1},                                         // sector size
		{"vdi", 430, {1}, 1},                                         // parent
		{"qcow", 8, {0xff, 0xff}, 2},                                 // backing name
		{"qcow", 24, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8},  // size
		{"qcow", 32, {17}, 1},                                        // cluster bits
		{"qcow", 33, {14}, 1},                                        // bits of L2 tables
		{"qcow", 39, {2}, 1},                                         // encryption
		{"vpc", 63, {77}, 1},                                         // type
		{"vpc", 16, {0xff, 0xff}, 2},                                 // dynamic header
		{"vhdx", 192 << 10, {0}, 4},                                  // region table
		{"qed", 4, {3}, 4},                                           // cluster size
		{"qed", 16, {0xff}, 1},                                       // features
		{"qed", 16, {1, 0, 0, 0}, 4},                                 // backing name
		{"vmdk", 28, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8},  // descriptor
		{"vmdk", 12, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8},  // capacity
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_image struct image image = {0};
		auto_free char *command =
			text_format("qemu-img create -q -f %s broken 1G", rows[i].format);
		auto_close int fd = -1;

		run(command);
		fd = open("broken", O_WRONLY | O_CLOEXEC);
		assert_int_equal(pwrite(fd, rows[i].bytes, rows[i].length, rows[i].offset),
				 rows[i].length);
		// The copy of VHDX's region table stands in for a broken one: break it too.
		if (rows[i].offset == 192 << 10)
			assert_int_equal(pwrite(fd, rows[i].bytes, 4, 256 << 10), 4);
		if (strcmp(rows[i].format, "qed") == 0 && rows[i].length == 4 &&
		    rows[i].bytes[0] == 1)
			assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, 56), 8);
		if (image_read("broken", NULL, &image, &err) == 0)
			fail_msg("%s at %ld is believed", rows[i].format, (long)rows[i].offset);
		assert_int_equal(err.status, STATUS_FAILED);
	}
}

static void what_is_no_file_is_refused(void **state)
{
	static const char *const names[] = {"directory", "pipe", "/dev/null", "missing"};
	auto_image struct image image = {0};

	(void)state;
	assert_int_equal(mkdir("directory", 0700), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		auto_error struct error err = {0};

		assert_int_equal(image_read(names[i], NULL, &image, &err), -1);
		assert_non_null(strstr(err.message, names[i]));
	}
}

static void settings_are_parted_at_single_commas(void **state)
{
	auto_error struct error err = {0};
	auto_settings struct settings settings = {0};
	auto_free char *text = NULL;

	(void)state;
	assert_int_equal(settings_add(&settings, "a=1,b=x,,y,c,a=2", &err), 0);
	assert_string_equal(settings_get(&settings, "a"), "2");
	assert_string_equal(settings_get(&settings, "b"), "x,y");
	assert_string_equal(settings_get(&settings, "c"), "on");
	assert_null(settings_get(&settings, "d"));
	text = settings_text(&settings);
	assert_string_equal(text, "a=2,b=x,,y,c=on");
}

static void names_in_headers_are_relative_to_the_image(void **state)
{
	static const struct {
		const char *image, *name, *expected;
	} rows[] = {
		{"a", "b", "b"},
		{"d/a", "b", "d/b"},
		{"d/a", "e/b", "d/e/b"},
		{"/a", "b", "/b"},
		{"d/a", "/b", "/b"},
		{"d/a", "nbd://host/x", "nbd://host/x"},
		{"d/a", "json:{}", "json:{}"},
		{"d/a", "file:b", "d/b"},
		{"d/a", "./x:b", "d/./x:b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *path = path_beside(rows[i].image, rows[i].name);

		assert_string_equal(path, rows[i].expected);
	}
}

#define IN_DIRECTORY(test_) cmocka_unit_test_setup_teardown(test_, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(headers_are_read_as_qemu_img_reads_them),
		IN_DIRECTORY(empty_qcow2_images_are_those_of_qemu_img),
		IN_DIRECTORY(the_format_of_a_backing_file_is_not_guessed),
		IN_DIRECTORY(a_failure_leaves_nothing),
		IN_DIRECTORY(what_exists_is_replaced_only_when_asked),
		IN_DIRECTORY(an_image_is_not_its_own_backing_file),
		IN_DIRECTORY(what_a_killed_program_left_is_removed),
		IN_DIRECTORY(absurd_headers_are_refused),
		IN_DIRECTORY(what_is_no_file_is_refused),
		cmocka_unit_test(settings_are_parted_at_single_commas),
		cmocka_unit_test(names_in_headers_are_relative_to_the_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
