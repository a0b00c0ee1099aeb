// SPDX-License-Identifier: GPL-3.0-or-later
// An interface of the host put into a bridge of its own, and taken out again.
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/interface/bridge_xml.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "xml/document.h"

static void interface_free(virInterfacePtr *interface)
{
	if (*interface)
		virInterfaceFree(*interface);
}
#define auto_interface __attribute__((cleanup(interface_free)))

// The definition of the call's interface.
static struct xml *definition(struct call *call, struct error *err)
{
	auto_free char *text =
		virInterfaceGetXMLDesc(call_interface(call), VIR_INTERFACE_XML_INACTIVE);

	if (!text) {
		virt_failure(err, "cannot get the definition of interface %s", call_name(call));
		return NULL;
	}
	return xml_parse(text, "interface definition", err);
}

static int start(struct call *call, virInterfacePtr interface, const char *title, struct error *err)
{
	const char *name = virInterfaceGetName(interface);

	if (argument_flag(call, "no-start"))
		return 0;
	if (virInterfaceCreate(interface, 0) < 0)
		return virt_failure(err, "Failed to start %s %s", title, name);
	report_message(call->report, "%c%s %s started\n", *title - 'a' + 'A', title + 1, name);
	return 0;
}

static int iface_bridge(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "bridge");
	auto_interface virInterfacePtr exists =
		virInterfaceLookupByName(session_connection(call), name);
	auto_interface virInterfacePtr bridge = NULL;
	auto_xml struct xml *xml = exists ? NULL : definition(call, err);
	auto_free char *text = NULL;
	struct bridge wanted = {
		.name = name,
		.stp = !argument_flag(call, "no-stp"),
		.delay = argument_integer(call, "delay"),
	};

	if (exists)
		return error_set(err, STATUS_CONFLICT, "Network device %s already exists", name);
	if (!xml || bridge_put_around(xml, &wanted, err) < 0)
		return -1;
	text = xml_string(xml);
	// It takes the interface's own definition away.
	bridge = virInterfaceDefineXML(session_connection(call), text, 0);
	if (!bridge)
		return virt_failure(err, "Failed to define new bridge interface %s", name);
	report_value(call->report, "name", value_text(name));
	report_value(call->report, "interface", value_text(call_name(call)));
	report_message(call->report, "Created bridge %s with attached device %s\n", name,
		       call_name(call));
	return start(call, bridge, "bridge interface", err);
}

static const struct option bridge_options[] = {
	NEEDED_OBJECT(kind_interface, "interface", 0, "interface, by its name"),
	NEEDED("bridge", NULL, "name of the new bridge"),
	FLAG("no-stp", 0, "without the spanning tree protocol"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "delay",
	 .most = 2147483647,
	 .help = "seconds that a new port of the bridge waits; default: 0"},
	FLAG("no-start", 0, "do not bring it up"),
	END,
};

static const struct field bridge_results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "name of the bridge"),
	FIELD("interface", NULL, FIELD_TEXT, 0, "name of the interface"),
	FIELDS_END,
};

const struct command iface_bridge_command = {
	.name = "iface-bridge",
	.summary = "put an interface of the host into a new bridge",
	.target = &(const struct target){&kind_interface, "interface", BY_NAME, 0},
	.options = bridge_options,
	.results = bridge_results,
	.run = iface_bridge,
};

// In the place of the bridge. Where that fails the bridge comes back.
static virInterfacePtr replace_bridge(struct call *call, const char *text, const char *name,
				      struct error *err)
{
	virInterfacePtr bridge = call_interface(call), interface;
	virConnectPtr connection = session_connection(call);
	auto_free char *before = virInterfaceGetXMLDesc(bridge, VIR_INTERFACE_XML_INACTIVE);

	if (virInterfaceDestroy(bridge, 0) < 0) {
		virt_failure(err, "Failed to destroy bridge interface %s", call_name(call));
		return NULL;
	}
	if (virInterfaceUndefine(bridge) < 0) {
		virt_failure(err, "Failed to undefine bridge interface %s", call_name(call));
		virInterfaceCreate(bridge, 0);
		return NULL;
	}
	interface = virInterfaceDefineXML(connection, text, 0);
	if (!interface) {
		auto_interface virInterfacePtr again = NULL;

		virt_failure(err, "Failed to define new interface %s", name);
		again = before ? virInterfaceDefineXML(connection, before, 0) : NULL;
		if (again)
			virInterfaceCreate(again, 0);
	}
	return interface;
}

static int iface_unbridge(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition(call, err);
	auto_free char *name = xml ? bridge_take_out(xml, err) : NULL, *text = NULL;
	auto_interface virInterfacePtr interface = NULL;

	if (!name)
		return -1;
	text = xml_string(xml);
	interface = replace_bridge(call, text, name, err);
	if (!interface)
		return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "interface", value_text(name));
	report_message(call->report, "Device %s un-attached from bridge %s\n", name,
		       call_name(call));
	return start(call, interface, "interface", err);
}

const struct command iface_unbridge_command = {
	.name = "iface-unbridge",
	.summary = "remove a bridge, its interface stays",
	.target = &(const struct target){&kind_interface, "bridge", BY_NAME, 0},
	.options =
		(const struct option[]){
			NEEDED_OBJECT(kind_interface, "bridge", 0, "bridge, by its name"),
			FLAG("no-start", 0, "do not bring the interface up"), END},
	.results = bridge_results,
	.run = iface_unbridge,
};
