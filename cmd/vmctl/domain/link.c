// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a network interface of a guest is plugged in.
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

// The interface whose target or MAC address --interface is, lent; NULL with the error set.
static struct xml_element *find(struct call *call, const struct xml *xml, struct error *err)
{
	const char *name = argument_text(call, "interface");

	for (struct xml_element *i = xml_child(device_list(xml), "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *target = path_get(i, "target/@dev");
		auto_free char *mac = path_get(i, "mac/@address");

		if (text_equal(target, name) || (mac && strcasecmp(mac, name) == 0))
			return i;
	}
	error_set(err, STATUS_NOT_FOUND,
		  "domain '%s' has no interface whose target or MAC address is '%s'",
		  call_name(call), name);
	return NULL;
}

static unsigned xml_flags(struct call *call)
{
	return argument_flag(call, "config") ? VIR_DOMAIN_XML_INACTIVE : 0;
}

static int domif_getlink(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), xml_flags(call), err);
	const struct xml_element *interface = xml ? find(call, xml, err) : NULL;
	auto_free char *state = NULL;

	if (!interface)
		return -1;
	state = path_get(interface, "link/@state");
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "interface", value_text(argument_text(call, "interface")));
	report_field(call->report, NULL, "state", value_text(state ? state : "up"));
	report_heading(call->report, "%s %s", argument_text(call, "interface"),
		       state ? state : "up");
	return 0;
}

static const struct field link_results[] = {
	NAME_FIELD,
	FIELD("interface", NULL, FIELD_TEXT, 0, "the interface as it was named"),
	FIELD("state", NULL, FIELD_TEXT, 0, "up or down"),
	FIELDS_END,
};

#define INTERFACE NEEDED("interface", domain_interfaces, "its MAC address or target")
#define LINK_CONFIG                                                                                \
	FLAG("config", VIR_DOMAIN_AFFECT_CONFIG, "its definition, for its next boot"),             \
		ALIAS("persistent", "config")

const struct command domif_getlink_command = {
	.name = "domif-getlink",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that has the interface"), INTERFACE,
					   LINK_CONFIG, END},
	.results = link_results,
	.run = domif_getlink,
	.summary = "show the link state of a guest's network interface",
};

static int domif_setlink(struct call *call, struct error *err)
{
	const char *state = argument_text(call, "state");
	auto_xml struct xml *xml = NULL;
	struct xml_element *interface, *link;
	auto_free char *text = NULL;

	if (!text_equal(state, "up") && !text_equal(state, "down"))
		return error_set(err, STATUS_USAGE, "a link is up or down, not '%s'", state);
	xml = definition_xml_verbatim(call_domain(call), xml_flags(call), err);
	interface = xml ? find(call, xml, err) : NULL;
	if (!interface)
		return -1;
	link = xml_child(interface, "link");
	path_set(link ? link : xml_append(interface, "link"), "@state", state);
	if (argument_flag(call, "print-xml")) {
		device_print_element(call, interface);
		return 0;
	}
	text = xml_element_string(interface);
	return device_change(call, DEVICE_UPDATE, text, NULL, err);
}

static const char *const link_states[] = {"up", "down", NULL};

const struct command domif_setlink_command = {
	.name = "domif-setlink",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that has the interface"),
					   INTERFACE,
					   {.kind = OPTION_TEXT,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "state",
					    .words = link_states,
					    .help = "up or down"},
					   LINK_CONFIG,
					   PRINT_XML,
					   END},
	.results = device_results,
	.run = domif_setlink,
	ACTION(.failed = "Failed to update interface link state",
	       .done = "Device updated successfully"),
	.summary = "set the link of a guest's network interface up or down",
};
