// SPDX-License-Identifier: GPL-3.0-or-later
// Definitions of interfaces of the host put into bridges and taken out. No driver that can define
// them is made for Debian's libvirt, and the test driver lacks a flag.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cmd/vmctl/interface/bridge_xml.h"
#include "xml/document.h"

static struct xml *parsed(const char *text)
{
	struct error err = {0};
	struct xml *xml = xml_parse(text, "the test", &err);

	assert_non_null(xml);
	return xml;
}

static const char ethernet[] = "<interface type=\"ethernet\" name=\"eth1\">\n"
			       "  <start mode=\"onboot\"/>\n"
			       "  <mtu size=\"1492\"/>\n"
			       "  <mac address=\"aa:bb:cc:dd:ee:ff\"/>\n"
			       "</interface>\n";
static const char vlan[] = "<interface type=\"vlan\" name=\"eth1.5\">\n"
			   "  <protocol family=\"ipv4\"/>\n"
			   "  <vlan tag=\"5\">\n"
			   "    <interface name=\"eth1\"/>\n"
			   "  </vlan>\n"
			   "</interface>\n";

static void an_interface_goes_into_a_bridge_and_out(void **state)
{
	static const struct {
		const char *interface;
		struct bridge bridge;
		const char *name, *bridged;
	} rows[] = {
		{ethernet,
		 {"br0", true, 5},
		 "eth1",
		 "<interface type=\"bridge\" name=\"br0\">\n"
		 "  <start mode=\"onboot\"/>\n"
		 "  <mtu size=\"1492\"/>\n"
		 "  <bridge stp=\"on\" delay=\"5\">\n"
		 "    <interface type=\"ethernet\" name=\"eth1\">\n"
		 "      <mac address=\"aa:bb:cc:dd:ee:ff\"/>\n"
		 "    </interface>\n"
		 "  </bridge>\n"
		 "</interface>\n"},
		{vlan,
		 {"br5", false, 5},
		 "eth1.5",
		 "<interface type=\"bridge\" name=\"br5\">\n"
		 "  <protocol family=\"ipv4\"/>\n"
		 "  <bridge stp=\"off\">\n"
		 "    <interface type=\"vlan\" name=\"eth1.5\">\n"
		 "      <vlan tag=\"5\">\n"
		 "        <interface name=\"eth1\"/>\n"
		 "      </vlan>\n"
		 "    </interface>\n"
		 "  </bridge>\n"
		 "</interface>\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_error struct error err = {0};
		auto_xml struct xml *xml = parsed(rows[i].interface);
		auto_free char *bridged = NULL, *name = NULL, *back = NULL;

		assert_int_equal(bridge_put_around(xml, &rows[i].bridge, &err), 0);
		bridged = xml_string(xml);
		assert_string_equal(bridged, rows[i].bridged);
		name = bridge_take_out(xml, &err);
		assert_string_equal(name, rows[i].name);
		back = xml_string(xml);
		assert_string_equal(back, rows[i].interface);
	}
}

static void what_does_not_fit_is_refused(void **state)
{
	static const struct {
		const char *xml, *message;
	} around[] =
		{
			{"<interface type='bridge' name='b'/>",
			 "Existing device b is already a bridge"},
			{"<interface name='b'/>", "the definition of interface b has no type"},
			{"<interface type='ethernet'/>",
			 "the definition has an interface without a name"},
		},
	  out[] = {
		  {ethernet, "Device eth1 is not a bridge"},
		  {"<interface type='bridge' name='b'><bridge/></interface>",
		   "Device b has no interface attached"},
		  {"<interface type='bridge' name='b'/>", "Device b has no interface attached"},
		  {"<interface type='bridge' name='b'><bridge><interface name='x' type='vlan'/>"
		   "<interface name='y' type='vlan'/></bridge></interface>",
		   "Device b has several interfaces attached"},
		  {"<interface type='bridge' name='b'><bridge><interface name='x'/></bridge>"
		   "</interface>",
		   "the definition of interface x has no type"},
	  };

	(void)state;
	for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++) {
		auto_error struct error err = {0};
		auto_xml struct xml *xml = parsed(around[i].xml);

		assert_int_equal(bridge_put_around(xml, &(struct bridge){.name = "br0"}, &err), -1);
		assert_string_equal(err.message, around[i].message);
	}
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++) {
		auto_error struct error err = {0};
		auto_xml struct xml *xml = parsed(out[i].xml);

		assert_null(bridge_take_out(xml, &err));
		assert_string_equal(err.message, out[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_goes_into_a_bridge_and_out),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
