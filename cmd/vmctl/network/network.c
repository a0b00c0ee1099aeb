// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual networks.
#include <stdlib.h>

#include "base/error.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/metadata.h"
#include "virt/engine.h"

static void ask_title(const struct looked *looked, struct cell *cell)
{
	auto_error struct error ignored = {0};
	char *title = metadata_title(&kind_network, looked->object, &ignored);

	if (title && *title) {
		cell_own(cell, title);
		return;
	}
	free(title);
	cell_none(cell, "");
}

static const struct field list_results[] = {
	FOUND("uuid", "UUID", FIELD_TEXT, 0, "its UUID", FROM(.kind = SOURCE_UUID, .alone = true)),
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("state", "State", FIELD_TEXT, 0, "active or inactive",
	      FROM_MEMBER(VIR_CONNECT_LIST_NETWORKS_ACTIVE, "active", "inactive")),
	FOUND("autostart", "Autostart", FIELD_BOOLEAN, 0, "whether it starts with the host",
	      FROM_MEMBER(VIR_CONNECT_LIST_NETWORKS_AUTOSTART, "yes", "no")),
	FOUND("persistent", "Persistent", FIELD_BOOLEAN, 0, "whether it has a definition",
	      FROM_MEMBER(VIR_CONNECT_LIST_NETWORKS_PERSISTENT, "yes", "no")),
	FOUND("title", "Title", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "with --title: its title",
	      FROM_ASK_WHEN(ask_title, "title")),
	FIELDS_END,
};

static const struct option list_options[] = {
	FLAG("inactive", 0, "networks that are not started"),
	FLAG("all", 0, "both those that are started and those that are not"),
	FLAG("persistent", VIR_CONNECT_LIST_NETWORKS_PERSISTENT, "networks with a definition"),
	FLAG("transient", VIR_CONNECT_LIST_NETWORKS_TRANSIENT, "networks without a definition"),
	FLAG("autostart", VIR_CONNECT_LIST_NETWORKS_AUTOSTART, "networks that start with the host"),
	FLAG("no-autostart", VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART,
	     "networks that do not start with the host"),
	FLAG("uuid", 0, "only their UUIDs"),
	FLAG("name", 0, "only their names"),
	FLAG("table", 0, "as a table, which is the default"),
	{.kind = OPTION_FLAG, .name = "title", .since = 9007000, .help = "with their titles"},
	END,
};

const struct command net_list_command = {
	.name = "net-list",
	.traits = COMMAND_READS,
	.options = list_options,
	.rules = (const struct rule[]){EXCLUSIVE("table", "name", "uuid"), RULES_END},
	LISTS(list_results, .kind = &kind_network, .failed = "Failed to list networks"),
	.summary = "list virtual networks",
};

ASK(ask_active, cell_answer(cell, virNetworkIsActive(looked->object), "yes", "no", "no"))
ASK(ask_persistent,
    cell_answer(cell, virNetworkIsPersistent(looked->object), "yes", "no", "unknown"))
ASK(ask_bridge, cell_own(cell, virNetworkGetBridgeName(looked->object)))

static const struct field info_results[] = {
	FOUND("name", "Name:", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("uuid", "UUID:", FIELD_TEXT, 0, "its UUID", FROM_UUID),
	FOUND("active", "Active:", FIELD_BOOLEAN, FIELD_NULL, "whether it is started",
	      FROM_ASK(ask_active)),
	FOUND("persistent", "Persistent:", FIELD_BOOLEAN, FIELD_NULL, "whether it has a definition",
	      FROM_ASK(ask_persistent)),
	FOUND("autostart", "Autostart:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether it starts with the host", FROM(.kind = SOURCE_AUTOSTART)),
	FOUND("bridge", "Bridge:", FIELD_TEXT, FIELD_NULL, "the bridge of the host that it uses",
	      FROM_ASK(ask_bridge)),
	FIELDS_END,
};

const struct command net_info_command = {
	.name = "net-info",
	.traits = COMMAND_READS,
	.target = NETWORK_TARGET,
	.options = (const struct option[]){NETWORK(0), END},
	SHOWS(info_results, .failed = "Failed to get network %s"),
	.summary = "show what a network is",
};

DUMPXML_COMMAND(net_dumpxml, "net-dumpxml", kind_network, "network", "network",
		FLAG("inactive", VIR_NETWORK_XML_INACTIVE, "as it is started next"), XPATH);
NAME_COMMAND(net_name, "net-name", kind_network, "network", "network");
UUID_COMMAND(net_uuid, "net-uuid", kind_network, "network", "network");
EDIT_COMMAND(net_edit, "net-edit", kind_network, "network", "network",
	     .reads = VIR_NETWORK_XML_INACTIVE, .lenient = true);
AUTOSTART_COMMAND(net_autostart, "net-autostart", kind_network, "network", "network");

DEFINE_COMMAND(net_define, "net-define", kind_network, "network",
	       "Failed to define network from %s",
	       FLAG("validate", VIR_NETWORK_DEFINE_VALIDATE, "check the XML by its schema"));

static void *create_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return flags ? virNetworkCreateXMLFlags(connection, xml, flags)
		     : virNetworkCreateXML(connection, xml);
}
FROM_FILE_COMMAND(net_create, "net-create",
		  "create and start a network without a definition, from a file with its XML",
		  named_results, VIR_NETWORK_CREATE_VALIDATE, .kind = &kind_network,
		  .define = create_xml, .verb = "created",
		  .failed = "Failed to create network from %s");

#define ACTS(symbol_, name_, summary_, filter_, ...)                                               \
	ACT_COMMAND(symbol_, name_, summary_, kind_network, "network", "network", filter_,         \
		    __VA_ARGS__)

ACT(start, virNetworkCreate(object))
ACTS(net_start, "net-start", "start a network that is defined", VIR_CONNECT_LIST_NETWORKS_INACTIVE,
     .act = start, .failed = "Failed to start network %s", .done = "Network %s started",
     .typed = true);

ACT(destroy, virNetworkDestroy(object))
ACTS(net_destroy, "net-destroy", "stop a network, its definition stays",
     VIR_CONNECT_LIST_NETWORKS_ACTIVE, .act = destroy, .failed = "Failed to destroy network %s",
     .done = "Network %s destroyed", .typed = true);

ACT(undefine, virNetworkUndefine(object))
ACTS(net_undefine, "net-undefine", "remove the definition of a network",
     VIR_CONNECT_LIST_NETWORKS_PERSISTENT, .act = undefine,
     .failed = "Failed to undefine network %s", .done = "Network %s has been undefined",
     .typed = true);
