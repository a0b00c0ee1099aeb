// SPDX-License-Identifier: GPL-3.0-or-later
// Checksum files in the forms that distributions publish, and the names of cached images.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/vm-img/catalogue.h"
#include "cmd/vm-img/image_cache.h"
#include "download/checksum.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void checksums_are_found_in_all_forms(void **state)
{
	static const struct {
		const char *sums, *file, *expected;
	} cases[] = {
		{A "  x.img\n" B "  y.img\n", "y.img", B},
		{A " *x.img\n" B " *y.img\n", "x.img", A},
		{A "  ./x.img\n" B "  dir/y.img\n", "y.img", B},
		{"# x.img: 12 bytes\nSHA256 (x.img) = " A "\nSHA256 (y.img) = " B "\n", "x.img", A},
		{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (x.img) = " A
		 "\n-----BEGIN PGP SIGNATURE-----\nabc\n=abc\n",
		 "x.img", A},
		{A A "  x.img\n" B "  x.img.md5\n", "x.img", A A},
		{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  x.img\n",
		 "x.img", A},
		{A "\n", "x.img", A},
		{A "  x-20260101.img\n", "x.img", A},
		{A "  x.img\r\n", "x.img", A},
		{A "  y.img\n" B "  z.img\n", "x.img", NULL},
		{"aaaa  x.img\n", "x.img", NULL},
		{"<html>x.img</html>\n", "x.img", NULL},
		{"", "x.img", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_free char *found = checksum_find(cases[i].sums, cases[i].file);

		if (!text_equal(found, cases[i].expected))
			fail_msg("case %zu: %s", i, found ? found : "(none)");
	}
}

static void checksums_have_one_form(void **state)
{
	static const char *const cases[][2] = {
		{A, A},           {"sha256:" A, A},    {"sha512:" A A, A A},
		{"md5:" A, NULL}, {"sha256:12", NULL}, {"", NULL},
		{A "g", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_free char *found = checksum_canonical(cases[i][0]);

		if (!text_equal(found, cases[i][1]))
			fail_msg("case %zu: %s", i, found ? found : "(none)");
	}
}

static void cached_images_are_named_by_their_checksum(void **state)
{
	static const char *const cases[][3] = {
		{"x.qcow2", A, "x-aaaaaaaaaaaa.qcow2"},
		{"x.y.img", B, "x.y-bbbbbbbbbbbb.img"},
		{"x", A, "x-aaaaaaaaaaaa"},
		{".x", A, ".x-aaaaaaaaaaaa"},
		{"x.img", NULL, "x.img"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_free char *name = image_cache_name(cases[i][0], cases[i][1]);

		assert_string_equal(name, cases[i][2]);
	}
}

static void the_catalogue_is_sound(void **state)
{
	(void)state;
	assert_null(catalogue_find("nosuch"));
	for (const struct catalogue_entry *entry = catalogue; entry->name; entry++) {
		auto_free char *file = catalogue_fill(entry->file, "x86_64");

		assert_ptr_equal(catalogue_find(entry->name), entry);
		assert_true(text_begins(entry->directory, "https://"));
		assert_true(text_ends(entry->directory, "/"));
		assert_true(text_ends(file, ".qcow2") || text_ends(file, ".img"));
		assert_false(text_equal(file, entry->file));
		// In the order of names, as the list shows them.
		assert_true(entry == catalogue || strcmp(entry[-1].name, entry->name) < 0);
	}
}

static void architectures_have_two_names(void **state)
{
	auto_free char *rpm = catalogue_fill("a-@r@.img", "aarch64");
	auto_free char *debian = catalogue_fill("@d@/a-@d@.img", "aarch64");
	auto_free char *other = catalogue_fill("@d@@", "riscv64");

	(void)state;
	assert_string_equal(rpm, "a-aarch64.img");
	assert_string_equal(debian, "arm64/a-arm64.img");
	assert_string_equal(other, "riscv64@");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksums_are_found_in_all_forms),
		cmocka_unit_test(checksums_have_one_form),
		cmocka_unit_test(cached_images_are_named_by_their_checksum),
		cmocka_unit_test(the_catalogue_is_sound),
		cmocka_unit_test(architectures_have_two_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
