// SPDX-License-Identifier: GPL-3.0-or-later
// Ports of a network: what is plugged into it.
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"

#define PORT                                                                                       \
	NETWORK(VIR_CONNECT_LIST_NETWORKS_ACTIVE), NEEDED_OBJECT(kind_port, "port", 0, "its UUID")
static const struct target target = {&kind_port, "port", BY_ANY, 0};

static const struct field list_results[] = {
	FOUND("uuid", "UUID", FIELD_TEXT, 0, "its UUID", FROM_UUID),
	FIELDS_END,
};

const struct command net_port_list_command = {
	.name = "net-port-list",
	.summary = "list the ports of a network",
	.traits = COMMAND_READS,
	.target = NETWORK_TARGET,
	.options =
		(const struct option[]){NETWORK(VIR_CONNECT_LIST_NETWORKS_ACTIVE),
					FLAG("uuid", 0, "only their UUIDs"),
					FLAG("table", 0, "as a table, which is the default"), END},
	.rules = (const struct rule[]){EXCLUSIVE("table", "uuid"), RULES_END},
	LISTS(list_results, .kind = &kind_port, .failed = "Failed to list network ports"),
};

const struct command net_port_dumpxml_command = {
	.name = "net-port-dumpxml",
	.summary = "show the definition of a network port, as XML",
	.traits = COMMAND_READS,
	.target = &target,
	.options = (const struct option[]){PORT, XPATH, END},
	.results = xml_results,
	.run = object_dumpxml,
};

static void *create_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)connection;
	return virNetworkPortCreateXML(within, xml, flags);
}

const struct command net_port_create_command = {
	.name = "net-port-create",
	.summary = "create a network port from a file with its XML",
	.target = NETWORK_TARGET,
	.options = (const struct option[]){NETWORK(VIR_CONNECT_LIST_NETWORKS_ACTIVE),
					   NEEDED("file", NULL, "file with its XML"),
					   FLAG("validate", VIR_NETWORK_PORT_CREATE_VALIDATE,
						"check the XML by its schema"),
					   END},
	.results = identified_results,
	.run = object_define,
	ACTION(.kind = &kind_port, .define = create_xml, .verb = "created",
	       .failed = "Failed to create network port from %s"),
};

ACT(delete, virNetworkPortDelete(object, bits))
const struct command net_port_delete_command = {
	.name = "net-port-delete",
	.summary = "delete a network port",
	.target = &target,
	.options = (const struct option[]){PORT, END},
	.results = identified_results,
	.run = object_act,
	ACTION(.act = delete, .failed = "Failed to delete network port %s",
	       .done = "Network port %s deleted"),
};
