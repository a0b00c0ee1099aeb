// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual networks.
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"

#define NETWORK(filter_)                                                                           \
	NEEDED_OBJECT(kind_network, "network", filter_, "network, by its name or UUID")
#define TARGET(by_)                                                                                \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_network, "network", by_, 0                                                   \
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
	.target = TARGET(BY_ANY),
	.options = (const struct option[]){NETWORK(0), END},
	SHOWS(info_results, .failed = "Failed to get network %s"),
	.summary = "show what a network is",
};

DUMPXML_COMMAND(net_dumpxml, "net-dumpxml", kind_network, "network", "network",
		FLAG("inactive", VIR_NETWORK_XML_INACTIVE, "as it is started next"), XPATH);
NAME_COMMAND(net_name, "net-name", kind_network, "network", "network");
UUID_COMMAND(net_uuid, "net-uuid", kind_network, "network", "network");
EDIT_COMMAND(net_edit, "net-edit", kind_network, "network", "network", VIR_NETWORK_XML_INACTIVE);
AUTOSTART_COMMAND(net_autostart, "net-autostart", kind_network, "network", "network");

ACT(create, virNetworkCreate(object))
const struct command net_start_command = {
	.name = "net-start",
	.summary = "start a network that is defined",
	.target = TARGET(BY_ANY),
	.options = (const struct option[]){NETWORK(VIR_CONNECT_LIST_NETWORKS_INACTIVE), END},
	DOES(.act = create, .failed = "Failed to start network %s", .done = "Network %s started"),
};

ACT(destroy, virNetworkDestroy(object))
const struct command net_destroy_command = {
	.name = "net-destroy",
	.summary = "stop a network, its definition stays",
	.target = TARGET(BY_ANY),
	.options = (const struct option[]){NETWORK(VIR_CONNECT_LIST_NETWORKS_ACTIVE), END},
	DOES(.act = destroy, .failed = "Failed to destroy network %s",
	     .done = "Network %s destroyed", .typed = true),
};
