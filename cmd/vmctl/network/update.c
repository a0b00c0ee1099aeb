// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a network's definition changed in place.
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"

// In the order of virNetworkUpdateCommand and of virNetworkUpdateSection, each from 1.
static const char *const command_words[] = {"modify",    "delete", "add-last",
					    "add-first", "add",    NULL};
static const char *const section_words[] = {"bridge",
					    "domain",
					    "ip",
					    "ip-dhcp-host",
					    "ip-dhcp-range",
					    "forward",
					    "forward-interface",
					    "forward-pf",
					    "portgroup",
					    "dns-host",
					    "dns-txt",
					    "dns-srv",
					    NULL};
enum { ADD = 4 }; // the short word for add-last

static int say_updated(struct call *call, struct error *err)
{
	virNetworkPtr network = call_network(call);
	bool live = argument_flag(call, "live"), config = argument_flag(call, "config");
	int active;

	if (!live && !config) {
		active = virNetworkIsActive(network);
		if (active < 0)
			return virt_failure(err, "Failed to get the state of network %s",
					    call_name(call));
		live = active == 1;
		config = !live;
	}
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "live", value_boolean(live));
	report_value(call->report, "config", value_boolean(config));
	// As in virsh no newline ends it.
	report_message(call->report, "Updated network %s%s%s%s", call_name(call),
		       config ? " persistent config" : "", config && live ? " and" : "",
		       live ? " live state" : "");
	return 0;
}

static int net_update(struct call *call, struct error *err)
{
	const char *xml = argument_text(call, "xml");
	auto_free char *read = NULL;
	unsigned command = 0, section = 0;
	int parent = -1;

	if (argument_choice(call, "command", &command, err) < 0 ||
	    argument_choice(call, "section", &section, err) < 0)
		return -1;
	if (argument_given(call, "parent-index"))
		parent = (int)argument_integer(call, "parent-index");
	if (*xml != '<')
		xml = read = definition_read(xml, err);
	if (!xml)
		return -1;
	command = command == ADD ? VIR_NETWORK_UPDATE_COMMAND_ADD_LAST : command + 1;
	if (virNetworkUpdate(call_network(call), command, section + 1, parent, xml,
			     argument_bits(call)) < 0)
		return virt_failure(err, "Failed to update network %s", call_name(call));
	return say_updated(call, err);
}

static const struct option update_options[] = {
	NETWORK(0),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "command",
	 .words = command_words,
	 .help = "what is to be done; add is add-last"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "section",
	 .words = section_words,
	 .help = "part of the definition"},
	NEEDED("xml", NULL, "the element, or a file that holds it"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "parent-index",
	 .help = "number of the element that it is in, from 0; default: any that fits"},
	FLAG("config", VIR_NETWORK_UPDATE_AFFECT_CONFIG, "in its definition"),
	FLAG("live", VIR_NETWORK_UPDATE_AFFECT_LIVE, "in the network that is started"),
	FLAG("current", 0, "in the state it is in, which is the default"),
	END,
};

const struct command net_update_command = {
	.name = "net-update",
	.summary = "add, change or delete a part of a network's definition",
	.target = NETWORK_TARGET,
	.options = update_options,
	.rules = CURRENT_ALONE,
	.results = (const struct field[]){NAME_FIELD,
					  FIELD("live", NULL, FIELD_BOOLEAN, 0,
						"whether the network that is started was changed"),
					  FIELD("config", NULL, FIELD_BOOLEAN, 0,
						"whether its definition was changed"),
					  FIELDS_END},
	.run = net_update,
};
