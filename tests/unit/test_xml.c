// SPDX-License-Identifier: GPL-3.0-or-later
// lib/xml
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/edit.h"
#include "xml/path.h"
#include "xml/write.h"

static struct xml *parsed(const char *text)
{
	struct error err = {0};
	struct xml *xml = xml_parse(text, "the test", &err);

	assert_non_null(xml);
	return xml;
}

static void paths_find_values(void **state)
{
	auto_xml struct xml *xml =
		parsed("<d type='a'><os><type arch='x'>hvm</type></os><s><h n='1'/>"
		       "<h n='2'>two</h></s><e name='k'>v&amp;w</e></d>");
	static const struct {
		const char *path, *expected;
	} rows[] = {
		{"@type", "a"},       {"os/type", "hvm"},      {"os/type/@arch", "x"},
		{"s/h/@n", "1"},      {"s/h[2]", "two"},       {"s/h[2]/@n", "2"},
		{"s/h[3]", NULL},     {"e[@name='k']", "v&w"}, {"e[@name='z']", NULL},
		{"./os/type", "hvm"}, {"nope", NULL},          {"os/@nope", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *value = path_get(xml_root(xml), rows[i].path);

		if (rows[i].expected)
			assert_string_equal(value, rows[i].expected);
		else
			assert_null(value);
		assert_int_equal(path_has(xml_root(xml), rows[i].path), rows[i].expected != NULL);
	}
}

static void paths_make_what_is_missing(void **state)
{
	auto_xml struct xml *xml = xml_new("d");
	auto_free char *text = NULL;

	(void)state;
	path_set(xml_root(xml), "a/b[2]/@c", "1 & 2");
	path_set(xml_root(xml), "a/b", "<x>");
	path_set(xml_root(xml), "e[@name='k']", "v");
	path_set(path_create_with(xml_root(xml), "f", "name", "o'k]/x"), "@made", "1");
	path_set(path_create_with(xml_root(xml), "f", "name", "o'k]/x"), "@found", "2");
	path_set(xml_root(xml), "gone/@x", "y");
	path_remove(xml_root(xml), "gone/@x");
	assert_null(path_get(xml_root(xml), "e[@name"));
	assert_null(path_get(xml_root(xml), "a/b[7"));
	text = xml_string(xml);
	assert_string_equal(text,
			    "<d>\n  <a>\n    <b>&lt;x&gt;</b>\n    <b c=\"1 &amp; 2\"/>\n  </a>\n"
			    "  <e name=\"k\">v</e>\n"
			    "  <f name=\"o'k]/x\" made=\"1\" found=\"2\"/>\n  <gone/>\n</d>\n");
}

static void hostile_documents_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"<a>",
		"<a></b>",
		"text",
		"<a b='1' b='2'/>",
		"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a><",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};

		assert_null(xml_parse(rows[i], "the test", &err));
		assert_int_equal(err.status, STATUS_FAILED);
	}
}

static void entities_are_not_followed(void **state)
{
	auto_xml struct xml *xml =
		parsed("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>");
	auto_free char *value = path_get(xml_root(xml), ".");

	(void)state;
	assert_string_equal(value, "");
}

static void elements_are_written_as_libvirt_writes(void **state)
{
	auto_xml struct xml *xml = xml_new("d");
	auto_free char *text = NULL;

	(void)state;
	path_set(xml_root(xml), "@a", "it's <\"&\">");
	path_set(xml_root(xml), "b/c", "1 < 2");
	path_create(xml_root(xml), "e");
	text = write_element(xml_root(xml));
	assert_string_equal(text, "<d a='it&apos;s &lt;&quot;&amp;&quot;&gt;'>\n  <b>\n"
				  "    <c>1 &lt; 2</c>\n  </b>\n  <e/>\n</d>\n");
}

static void white_space_stays_around_what_is_inserted(void **state)
{
	struct error err = {0};
	auto_xml struct xml *xml =
		xml_parse_verbatim("<d>\n  <a/>\n  <b/>\n</d>", "the test", &err);
	auto_free char *text = NULL;

	(void)state;
	path_set(xml_insert_before(xml_child(xml_root(xml), "b"), "i"), "@n", "1");
	text = xml_string(xml);
	assert_string_equal(text, "<d>\n  <a/>\n  <i n=\"1\"/>\n  <b/>\n</d>\n");
}

// How the document is after one change.
struct change {
	const char *before;
	void (*change)(struct xml_element *root);
	const char *after;
};

static void add_b(struct xml_element *root)
{
	xml_append(root, "b");
}

static void add_deep(struct xml_element *root)
{
	path_set(root, "a/b/c", "1");
}

static void add_before_a(struct xml_element *root)
{
	xml_move_before(xml_append(root, "b"), xml_child(root, "a"));
}

static void remove_a(struct xml_element *root)
{
	path_remove(root, "a");
}

static void move_a_into_b(struct xml_element *root)
{
	xml_move(xml_child(root, "a"), xml_child(root, "b"));
}

static void add_graphics(struct xml_element *root)
{
	path_set(root, "devices/disk/@n", "1");
}

static void lines_of_others_stay_as_they_are(void **state)
{
	static const struct change rows[] = {
		{"<d>\n  <a/>\n</d>", add_b, "<d>\n  <a/>\n  <b/>\n</d>\n"},
		{"<d>\n</d>", add_b, "<d>\n  <b/>\n</d>\n"},
		{"<d/>", add_b, "<d>\n  <b/>\n</d>\n"},
		{"<d><a/></d>", add_b, "<d>\n  <a/>\n  <b/>\n</d>\n"},
		{"<d>\n\t<!-- c -->\n\t<a></a>\n\n</d>", add_b,
		 "<d>\n\t<!-- c -->\n\t<a/>\n\t<b/>\n</d>\n"},
		{"<d>\n  <x  y='1'/>\n</d>", add_deep,
		 "<d>\n  <x y=\"1\"/>\n  <a>\n    <b>\n      <c>1</c>\n    </b>\n  </a>\n</d>\n"},
		{"<d>\n  <a/>\n</d>", add_before_a, "<d>\n  <b/>\n  <a/>\n</d>\n"},
		{"<d>\n  <a/>\n  <b/>\n</d>", remove_a, "<d>\n  <b/>\n</d>\n"},
		{"<d>\n  <a/>\n</d>", remove_a, "<d/>\n"},
		{"<d>\n  <a/>\n  <b>\n    <c/>\n  </b>\n</d>", move_a_into_b,
		 "<d>\n  <b>\n    <c/>\n    <a/>\n  </b>\n</d>\n"},
		{"<domain>\n  <devices>\n  </devices>\n</domain>", add_graphics,
		 "<domain>\n  <devices>\n    <disk n=\"1\"/>\n  </devices>\n</domain>\n"},
		{"<domain>\n  <devices>\n    <emulator/>\n    <video/>\n  </devices>\n</domain>",
		 add_graphics,
		 "<domain>\n  <devices>\n    <emulator/>\n    <disk n=\"1\"/>\n    <video/>\n"
		 "  </devices>\n</domain>\n"},
		{"<domain>\n  <devices>\n    <video/>\n  </devices>\n</domain>", add_graphics,
		 "<domain>\n  <devices>\n    <disk n=\"1\"/>\n    <video/>\n"
		 "  </devices>\n</domain>\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};
		auto_xml struct xml *given = xml_parse_laid_out(rows[i].before, "the test", &err);
		auto_xml struct xml *xml = xml_copy(given);
		auto_free char *text = NULL;

		rows[i].change(xml_root(xml));
		text = xml_string(xml);
		assert_string_equal(text, rows[i].after);
	}
}

// XPaths that people write: made where the names in them are names in XML, refused otherwise.
static void only_names_become_elements_and_attributes(void **state)
{
	static const struct {
		const char *xpath, *inside; // NULL: refused
	} rows[] = {
		{"./x/@b", "<x b=\"1\"/>"},
		{"/d/x[2]/y", "<x/>\n  <x>\n    <y>1</y>\n  </x>"},
		{"x[@a='b c']/@d", "<x a=\"b c\" d=\"1\"/>"},
		{"x[@a=\"it's\"]", "<x a=\"it's\">1</x>"},
		{"libosinfo:libosinfo/@v",
		 "<libosinfo:libosinfo "
		 "xmlns:libosinfo=\"http://libosinfo.org/xmlns/libvirt/domain/1.0\" v=\"1\"/>"},
		{"./@b/us", NULL},
		{"./x/a:b/@y", NULL},
		{"./x/@a:b", NULL},
		{"./@-a", NULL},
		{"./1x", NULL},
		{"./x,y", NULL},
		{"./x[0]/@y", NULL},
		{"./x[1000]/@y", NULL},
		{"./x[@a=1]/@y", NULL},
		{"./x[@a]/@y", NULL},
		{"./x/", NULL},
		{"./x/../y", NULL},
		{"//x", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_xml struct xml *xml = xml_new("d");
		int failed = edit_set(xml_root(xml), rows[i].xpath, "1", &err);
		auto_free char *text = xml_string(xml);
		auto_free char *expected =
			rows[i].inside ? text_format("<d>\n  %s\n</d>\n", rows[i].inside)
				       : text_copy("<d/>\n");

		assert_int_equal(failed, rows[i].inside ? 0 : -1);
		assert_string_equal(text, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_values),
		cmocka_unit_test(elements_are_written_as_libvirt_writes),
		cmocka_unit_test(lines_of_others_stay_as_they_are),
		cmocka_unit_test(white_space_stays_around_what_is_inserted),
		cmocka_unit_test(paths_make_what_is_missing),
		cmocka_unit_test(only_names_become_elements_and_attributes),
		cmocka_unit_test(hostile_documents_are_refused),
		cmocka_unit_test(entities_are_not_followed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
