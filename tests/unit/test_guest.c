// SPDX-License-Identifier: GPL-3.0-or-later
// The engine of guest XML: every row of every option, and XML that others wrote.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/duplicate.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/option.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *value_for(const struct suboption *row)
{
	switch (row->value) {
	case TAKES_INTEGER:
		return "1";
	case TAKES_BOOLEAN:
		return "yes";
	case TAKES_FILE:
		return "/f";
	default:
		return "v";
	}
}

static char *typed_name(const char *pattern)
{
	char *name = text_copy(pattern), *mark;

	while ((mark = strchr(name, '#')))
		memmove(mark, mark + 1, strlen(mark));
	return name;
}

// Sets a plain row by one of its names, looks that the element has it, takes it away again.
static void try_row(const struct guest_option *option, const struct suboption *row,
		    const char *pattern)
{
	auto_xml struct xml *xml = xml_new("x");
	struct suboption_target target = {.element = xml_root(xml)};
	auto_free char *name = typed_name(pattern);
	auto_free char *set = text_format("%s=%s", name, value_for(row));
	auto_free char *clear = text_format("%s=%s", name, row->form == FORM_ELEMENT ? "no" : "");
	auto_error struct error err = {0};
	bool matches = false;

	if (suboptions_apply(&option->table, set, &target, &err) < 0 ||
	    suboptions_match(&option->table, set, NULL, target.element, &matches, &err) < 0)
		fail_msg("%s %s: %s", option->table.option, set, err.message);
	if (!matches)
		fail_msg("%s %s is not what it sets", option->table.option, set);
	if (suboptions_apply(&option->table, clear, &target, &err) < 0)
		fail_msg("%s %s: %s", option->table.option, clear, err.message);
	if (row->form != FORM_ELEMENT && !xml_is_empty(target.element)) {
		auto_free char *left = xml_element_string(target.element);

		// A condition on an attribute, as in source[@mode='bind'], stays.
		if (!row->path || !strchr(row->path, '['))
			fail_msg("%s %s leaves %s", option->table.option, clear, left);
	}
}

static void every_plain_row_sets_and_clears(void **state)
{
	const struct guest_option *option;
	int rows = 0;

	(void)state;
	for (unsigned i = 0; (option = option_at(i)); i++)
		for (const struct suboption *const *group = option->table.groups; *group; group++)
			for (const struct suboption *row = *group; row->name; row++) {
				rows++;
				if (row->set || row->form == FORM_BOOL || row->form == FORM_TEXT ||
				    strstr(row->name, "xpath"))
					continue;
				try_row(option, row, row->name);
				for (const char *const *a = row->aliases; a && *a; a++)
					try_row(option, row, *a);
			}
	assert_true(rows > 900);
}

static const char domain[] =
	"<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
	"<name>a</name><!-- mine --><vcpu>1</vcpu><os><type>hvm</type></os>"
	"<devices>"
	"<disk type='file' device='disk'><driver name='qemu' cache='none'/>"
	"<source file='/a'><seclabel model='dac' relabel='no'/></source>"
	"<target dev='vda' bus='virtio'/></disk>"
	"<unknown><thing/></unknown>"
	"<interface type='user'><mac address='52:54:00:00:00:01'/></interface>"
	"</devices><qemu:commandline><qemu:arg value='-a'/></qemu:commandline></domain>";

static struct guest *guest_of_text(const char *text, struct error *err)
{
	auto_xml struct xml *xml = xml_parse(text, "the test's XML", err);

	assert_non_null(xml);
	return guest_of(xml, NULL);
}

// The guest's XML on one line.
static char *guest_line(const struct guest *guest)
{
	auto_free char *xml = guest_xml(guest, PHASE_LASTING);
	struct text line = {0};
	bool start = true;

	for (const char *c = xml; *c; c++) {
		start = *c == '\n' || (start && *c == ' ');
		if (!start)
			text_append_char(&line, *c);
	}
	return text_take(&line);
}

static void xml_of_others_is_edited_in_place(void **state)
{
	static const struct {
		const char *option, *text; // applied to the first element of the option
		const char *has, *has_not; // in the XML then; NULL
	} cases[] = {
		{"disk", "driver.cache=", "<driver name=\"qemu\"/>", "cache="},
		{"disk", "driver.cache=,driver.name=", "<source file=\"/a\">", "<driver"},
		{"disk", "source.file=", "<seclabel model=\"dac\" relabel=\"no\"/>", "file=\"/a\""},
		{"disk", "source.seclabel.model=,source.seclabel.relabel=", "<source file=\"/a\"/>",
		 "seclabel"},
		{"disk", "path=/b", "<source file=\"/b\">", "\"/a\""},
		{"disk", "serial=S", "bus=\"virtio\"/><serial>S</serial>", NULL},
		{"disk", "clearxml=yes,type=block,source.dev=/d", "<disk type=\"block\">",
		 "virtio"},
		{"disk", "xpath0.set=./driver/@cache=writeback", "cache=\"writeback\"", "none"},
		{"disk", "xpath0.delete=./source/seclabel", "<source file=\"/a\"/>", "seclabel"},
		{"network", "mac.address=", "<interface type=\"user\"/>", "<mac"},
		{"vcpus", "4", "<vcpu>4</vcpu>", NULL},
		{"qemu-commandline", "args=-b", "<qemu:arg value=\"-a\"/><qemu:arg value=\"-b\"/>",
		 NULL},
		{"xml", "./os/type=exe", "<type>exe</type>", "hvm"},
		{"xml", "xpath.create=./os/bootmenu", "<bootmenu/>", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_error struct error err = {0};
		auto_guest struct guest *guest = guest_of_text(domain, &err);
		const struct guest_option *option = option_named(cases[i].option);
		struct xml_element *element = option_element(option, guest->domain, NULL);
		auto_free char *xml = NULL;

		if (option_apply(option, OPTION_EDIT, guest, element, cases[i].text, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.message);
		xml = guest_line(guest);
		if (!strstr(xml, cases[i].has) ||
		    (cases[i].has_not && strstr(xml, cases[i].has_not)))
			fail_msg("%s gives %s", cases[i].text, xml);
		// What is not spoken of stays.
		assert_non_null(strstr(xml, "</name><!-- mine --><vcpu>"));
		assert_non_null(strstr(xml, "<unknown><thing/></unknown>"));
	}
}

static void new_elements_find_their_place(void **state)
{
	static const struct {
		const char *option, *text, *has;
	} cases[] = {
		{"disk", "/b,bus=sata", "</disk><disk><source file=\"/b\"/>"},
		{"network", "user", "</interface><interface type=\"user\"/>"},
		{"memory", "64",
		 "</name><memory>65536</memory><currentMemory>65536</currentMemory><!-- mine -->"},
		{"cpu", "host-model", "</os><cpu mode=\"host-model\"/><devices>"},
		{"features", "acpi=on", "</os><features><acpi/></features><devices>"},
		{"boot", "loader=/l", "<type>hvm</type><loader>/l</loader></os>"},
		{"tpm", "emulator", "<tpm><backend type=\"emulator\"/></tpm>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_error struct error err = {0};
		auto_guest struct guest *guest = guest_of_text(domain, &err);
		auto_free char *xml = NULL;

		if (option_apply(option_named(cases[i].option), OPTION_ADD, guest, NULL,
				 cases[i].text, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.message);
		xml = guest_line(guest);
		if (!strstr(xml, cases[i].has))
			fail_msg("%s gives %s", cases[i].text, xml);
	}
}

static void elements_are_found_by_what_they_have(void **state)
{
	static const struct {
		const char *option, *text;
		bool matches;
	} cases[] = {
		{"disk", "/a", true},
		{"disk", "path=/b", false},
		{"disk", "target=vda", true},
		{"disk", "target.dev=vda,bus=sata", false},
		{"network", "user", true},
		{"network", "mac.address=52:54:00:00:00:01", true},
		{"disk", "driver.cache=none", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_error struct error err = {0};
		auto_guest struct guest *guest = guest_of_text(domain, &err);
		const struct guest_option *option = option_named(cases[i].option);
		struct xml_element *element = option_element(option, guest->domain, NULL);
		bool matches = false;

		assert_int_equal(
			option_matches(option, NULL, element, cases[i].text, &matches, &err), 0);
		if (matches != cases[i].matches)
			fail_msg("%s %s", cases[i].option, cases[i].text);
		option_apply(option, OPTION_REMOVE, guest, element, "", &err);
		assert_null(option_element(option, guest->domain, NULL));
	}
}

static void a_bad_value_leaves_nothing(void **state)
{
	static const struct {
		const char *option, *text;
	} cases[] = {
		{"disk", "/b,driver.queues=many"},
		{"disk", "/b,nosuch=1"},
		{"disk", "/b,serial"},
		{"network", "user,mac=1"},
		{"tpm", "x,backend.active_pcr_banks.sha1=perhaps"},
		{"cpu", "x,secure=perhaps"},
		{"graphics", "vnc,port=-50"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_error struct error err = {0};
		auto_guest struct guest *guest = guest_of_text(domain, &err);
		auto_free char *before = guest_line(guest), *after = NULL;

		assert_int_equal(option_apply(option_named(cases[i].option), OPTION_ADD, guest,
					      NULL, cases[i].text, &err),
				 -1);
		assert_int_equal(err.status, STATUS_USAGE);
		after = guest_line(guest);
		assert_string_equal(before, after);
	}
}

static bool is_in(void *data, const char *name)
{
	return list_has(data, name);
}

static void clones_are_called_after_their_originals(void **state)
{
	static const struct {
		const char *original, *taken, *name;
	} cases[] = {
		{"web", "", "web-clone"},
		{"web", "web-clone", "web-clone1"},
		{"web-clone", "", "web-clone1"},
		{"web-clone5", "", "web-clone6"},
		{"web-clone9", "web-clone10", "web-clone11"},
		{"web5", "", "web5-clone"},
		{"a-clone-b", "", "a-clone-b-clone"},
		{"-clone", "", "-clone1"},
		{"7", "", "7-clone"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_list struct list taken = list_split(cases[i].taken, " ");
		auto_free char *name = duplicate_name(cases[i].original, is_in, &taken);

		assert_string_equal(name, cases[i].name);
	}
}

static void files_of_clones_are_too(void **state)
{
	static const struct {
		const char *path, *taken, *clone;
	} cases[] = {
		{"/a/web.img", "", "/a/two.img"},
		{"/a/disk.qcow2", "", "/a/disk-clone.qcow2"},
		{"/a/disk.qcow2", "/a/disk-clone.qcow2", "/a/disk-clone-1.qcow2"},
		{"/a/web", "", "/a/two"},
		{"/a.b/disk", "", "/a.b/disk-clone"},
		{"/a/web.notasuffix", "", "/a/web.notasuffix-clone"},
		{"/a/.img", "", "/a/-clone.img"},
		{"web.img", "two.img", "two-1.img"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_list struct list taken = list_split(cases[i].taken, " ");
		auto_free char *path = duplicate_path(cases[i].path, "web", "two", is_in, &taken);

		assert_string_equal(path, cases[i].clone);
	}
}

// What the clone would be in the way of its original with.
static void a_clone_is_somebody_else(void **state)
{
	static const char original[] =
		"<domain id='3'><name>web</name><uuid>u</uuid><title>t</title><genid>g</genid>"
		"<sysinfo><system><entry name='uuid'>u</entry></system></sysinfo><devices>"
		"<interface><mac address='1'/><target dev='vnet0'/></interface><interface/>"
		"<graphics port='5900' tlsPort='5901' autoport='no'/><graphics port='-1'/>"
		"<serial type='file'><source path='/l/web.log'/></serial>"
		"<channel type='unix'><source path='/r/web/agent.0'/><target "
		"name='agent.0'/></channel>"
		"<vsock><cid auto='no' address='3'/></vsock></devices></domain>";
	static const struct {
		const char *path, *value; // NULL: it is not there
	} wanted[] = {
		{"@id", NULL},
		{"name", "two"},
		{"uuid", "v"},
		{"title", NULL},
		{"sysinfo/system/entry[@name='uuid']", "v"},
		{"devices/interface[1]/mac/@address", "52:54:00:01:02:03"},
		{"devices/interface[1]/target/@dev", NULL},
		{"devices/graphics[1]/@port", "-1"},
		{"devices/graphics[1]/@tlsPort", "-1"},
		{"devices/graphics[1]/@autoport", NULL},
		{"devices/graphics[2]/@port", "-1"},
		{"devices/serial/source/@path", "/l/two.log"},
		{"devices/channel/source/@path", NULL},
		{"devices/vsock/cid/@auto", "yes"},
		{"devices/vsock/cid/@address", NULL},
	};
	auto_error struct error err = {0};
	auto_xml struct xml *xml = xml_parse(original, "original", &err);
	auto_list struct list macs = list_split("52:54:00:01:02:03", " "), notes = {0};
	const struct duplicate duplicate = {
		.name = "two", .uuid = "v", .macs = &macs, .scheme = "qemu"};
	auto_free char *genid = NULL, *mac = NULL;

	(void)state;
	duplicate_identity(xml_root(xml), &duplicate, &notes);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		auto_free char *value = path_get(xml_root(xml), wanted[i].path);

		if (!text_equal(value, wanted[i].value))
			fail_msg("%s: %s", wanted[i].path, value ? value : "nothing");
	}
	genid = path_get(xml_root(xml), "genid");
	assert_string_not_equal(genid, "g");
	mac = path_get(xml_root(xml), "devices/interface[2]/mac/@address");
	assert_true(text_begins(mac, "52:54:00:"));
	assert_int_equal(notes.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_plain_row_sets_and_clears),
		cmocka_unit_test(xml_of_others_is_edited_in_place),
		cmocka_unit_test(new_elements_find_their_place),
		cmocka_unit_test(elements_are_found_by_what_they_have),
		cmocka_unit_test(a_bad_value_leaves_nothing),
		cmocka_unit_test(clones_are_called_after_their_originals),
		cmocka_unit_test(files_of_clones_are_too),
		cmocka_unit_test(a_clone_is_somebody_else),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
