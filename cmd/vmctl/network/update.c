// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a network's definition changed in place.
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
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
	message_updated(call, "network", virNetworkIsActive(call_network(call)) == 1);
	return 0;
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
	.results = (const struct field[]){UPDATED_FIELDS, FIELDS_END},
	.run = net_update,
};
