// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual networks: listing, describing, starting and stopping them.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "cmd/vmctl/session.h"
#include "cmd/vmctl/targets.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"

static int compare_networks(const void *a, const void *b)
{
	return strcasecmp(virNetworkGetName(*(const virNetworkPtr *)a),
			  virNetworkGetName(*(const virNetworkPtr *)b));
}

// What a driver cannot tell is shown as virsh shows it, and absent in JSON.
static struct value yes_or_no(int answer, const char *unknown)
{
	if (answer < 0)
		return value_shown(value_absent(), unknown);
	return value_shown(value_boolean(answer == 1), answer == 1 ? "yes" : "no");
}

static struct value autostart_of(virNetworkPtr network)
{
	int autostart;

	return yes_or_no(virNetworkGetAutostart(network, &autostart) < 0 ? -1 : autostart,
			 "no autostart");
}

enum { COLUMNS = 5 };

static const struct column columns[] = {
	{"UUID", "uuid", 0},
	{"Name", "name", 0},
	{"State", "state", 0},
	{"Autostart", "autostart", 0},
	{"Persistent", "persistent", 0},
	{0},
};

static void report_network(struct report *report, virNetworkPtr network)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";

	virNetworkGetUUIDString(network, uuid);
	report_row(report,
		   (struct value[COLUMNS]){
			   value_text(uuid),
			   value_text(virNetworkGetName(network)),
			   value_text(virNetworkIsActive(network) == 1 ? "active" : "inactive"),
			   autostart_of(network),
			   yes_or_no(virNetworkIsPersistent(network), "no"),
		   });
}

static int net_list(struct call *call, struct error *err)
{
	bool name = argument_flag(call, "name"), uuid = argument_flag(call, "uuid");
	unsigned flags = VIR_CONNECT_LIST_NETWORKS_ACTIVE;
	auto_networks virNetworkPtr *networks = NULL;
	int count;

	if (argument_flag(call, "inactive"))
		flags = VIR_CONNECT_LIST_NETWORKS_INACTIVE;
	if (argument_flag(call, "all"))
		flags = VIR_CONNECT_LIST_NETWORKS_ACTIVE | VIR_CONNECT_LIST_NETWORKS_INACTIVE;
	count = virConnectListAllNetworks(session_connection(call), &networks,
					  flags | argument_bits(call));
	if (count < 0)
		return virt_failure(err, "Failed to list networks");
	qsort(networks, (size_t)count, sizeof(*networks), compare_networks);
	if (name || uuid)
		report_table(call->report, NULL, TABLE_BARE, columns, name ? ~2UL : ~1UL);
	else
		report_table(call->report, NULL, TABLE_RULED, columns, 1);
	for (virNetworkPtr *network = networks; *network; network++)
		report_network(call->report, *network);
	return 0;
}

static const struct option net_list_options[] = {
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

static const struct rule net_list_rules[] = {
	EXCLUSIVE("table", "name"),
	EXCLUSIVE("table", "uuid"),
	EXCLUSIVE("name", "uuid"),
	RULES_END,
};

const struct command net_list_command = {
	.name = "net-list",
	.traits = COMMAND_READS,
	.options = net_list_options,
	.rules = net_list_rules,
	.summary = "list virtual networks",
	.run = net_list,
};

static int net_info(struct call *call, struct error *err)
{
	virNetworkPtr network = target_network(call);
	struct report *report = call->report;
	auto_free char *bridge = virNetworkGetBridgeName(network);
	char uuid[VIR_UUID_STRING_BUFLEN] = "";

	(void)err;
	virNetworkGetUUIDString(network, uuid);
	report_layout(report, 15);
	report_field(report, "Name:", "name", value_text(virNetworkGetName(network)));
	report_field(report, "UUID:", "uuid", value_text(uuid));
	report_field(report, "Active:", "active", yes_or_no(virNetworkIsActive(network), "no"));
	report_field(report, "Persistent:", "persistent",
		     yes_or_no(virNetworkIsPersistent(network), "unknown"));
	report_field(report, "Autostart:", "autostart", autostart_of(network));
	if (bridge)
		report_field(report, "Bridge:", "bridge", value_text(bridge));
	return 0;
}

static int net_dumpxml(struct call *call, struct error *err)
{
	virNetworkPtr network = target_network(call);
	auto_free char *xml = virNetworkGetXMLDesc(network, argument_bits(call));

	if (!xml)
		return virt_failure(err, "Failed to get the definition of network '%s'",
				    virNetworkGetName(network));
	return message_xml(call, xml, err);
}

static int net_name(struct call *call, struct error *err)
{
	(void)err;
	report_field(call->report, "", "name", value_text(virNetworkGetName(target_network(call))));
	return 0;
}

static int net_uuid(struct call *call, struct error *err)
{
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (virNetworkGetUUIDString(target_network(call), uuid) < 0)
		return virt_failure(err, "failed to get network UUID");
	report_field(call->report, "", "uuid", value_text(uuid));
	return 0;
}

static int net_start(struct call *call, struct error *err)
{
	const char *name = virNetworkGetName(target_network(call));

	if (virNetworkCreate(target_network(call)) < 0)
		return virt_failure(err, "Failed to start network %s", name);
	message_named(call, "Network", name, "started");
	return 0;
}

static int net_destroy(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "network");

	if (virNetworkDestroy(target_network(call)) < 0)
		return virt_failure(err, "Failed to destroy network %s", name);
	message_named(call, "Network", name, "destroyed");
	return 0;
}

static int net_autostart(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "network");
	bool disable = argument_flag(call, "disable");

	if (virNetworkSetAutostart(target_network(call), !disable) < 0)
		return virt_failure(err, "failed to %s network %s as autostarted",
				    disable ? "unmark" : "mark", name);
	message_named(call, "Network", name,
		      disable ? "unmarked as autostarted" : "marked as autostarted");
	return 0;
}

static const struct option any_options[] = {NETWORK(any_networks), END};
static const struct option start_options[] = {NETWORK(inactive_networks), END};
static const struct option destroy_options[] = {NETWORK(active_networks), END};
static const struct option autostart_options[] = {
	NETWORK(any_networks),
	FLAG("disable", 0, "do not start it with the host"),
	END,
};
static const struct option dumpxml_options[] = {
	NETWORK(any_networks),
	FLAG("inactive", VIR_NETWORK_XML_INACTIVE, "as it is started next"),
	XPATH,
	END,
};

const struct command net_info_command = {
	.name = "net-info",
	.traits = COMMAND_READS,
	.target = &target_any_network,
	.options = any_options,
	.summary = "show what a network is",
	.run = net_info,
};

const struct command net_dumpxml_command = {
	.name = "net-dumpxml",
	.traits = COMMAND_READS,
	.target = &target_any_network,
	.options = dumpxml_options,
	.summary = "show the definition of a network",
	.run = net_dumpxml,
};

const struct command net_name_command = {
	.name = "net-name",
	.traits = COMMAND_READS,
	.target = &target_network_by_uuid,
	.options = any_options,
	.summary = "show the name of a network, by its UUID",
	.run = net_name,
};

const struct command net_uuid_command = {
	.name = "net-uuid",
	.traits = COMMAND_READS,
	.target = &target_network_by_name,
	.options = any_options,
	.summary = "show the UUID of a network, by its name",
	.run = net_uuid,
};

const struct command net_start_command = {
	.name = "net-start",
	.target = &target_any_network,
	.options = start_options,
	.summary = "start a network that is defined",
	.run = net_start,
};

const struct command net_destroy_command = {
	.name = "net-destroy",
	.target = &target_any_network,
	.options = destroy_options,
	.summary = "stop a network, its definition stays",
	.run = net_destroy,
};

const struct command net_autostart_command = {
	.name = "net-autostart",
	.target = &target_any_network,
	.options = autostart_options,
	.summary = "start a network when the host boots",
	.run = net_autostart,
};
