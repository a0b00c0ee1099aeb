// SPDX-License-Identifier: GPL-3.0-or-later
// Network interfaces of the host.
#include <libvirt/virterror.h>

#include "base/list.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/session.h"

ASK(ask_mac, cell_text(cell, virInterfaceGetMACString(looked->object)))

static const struct field list_results[] = {
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("state", "State", FIELD_TEXT, 0, "active or inactive",
	      FROM_MEMBER(VIR_CONNECT_LIST_INTERFACES_ACTIVE, "active", "inactive")),
	FOUND("mac", "MAC Address", FIELD_TEXT, FIELD_NULL, "its MAC address", FROM_ASK(ask_mac)),
	FIELDS_END,
};

const struct command iface_list_command = {
	.name = "iface-list",
	.summary = "list network interfaces of the host",
	.traits = COMMAND_READS,
	.options =
		(const struct option[]){FLAG("inactive", 0, "those that are down"),
					FLAG("all", 0, "those that are up and those that are not"),
					END},
	.rules = (const struct rule[]){EXCLUSIVE("all", "inactive"), RULES_END},
	LISTS(list_results, .kind = &kind_interface, .failed = "Failed to list interfaces"),
};

static void mac_addresses(struct call *call, struct list *found)
{
	void **interfaces = NULL;

	if (kind_interface.list(session_connection(call), NULL, &interfaces, 0) < 0)
		return;
	for (void **interface = interfaces; *interface; interface++)
		list_add(found, virInterfaceGetMACString(*interface));
	kind_release_all(&kind_interface, interfaces);
}

const struct command iface_name_command = {
	.name = "iface-name",
	.summary = "show the name of an interface of the host, by its MAC address",
	.traits = COMMAND_READS,
	.target = FAMILY_TARGET(kind_interface, "interface", BY_OTHER),
	.options =
		(const struct option[]){NEEDED("interface", mac_addresses, "its MAC address"), END},
	.results = name_results,
	.run = object_name,
};

static int iface_mac(struct call *call, struct error *err)
{
	(void)err;
	report_value(call->report, "mac",
		     value_text(virInterfaceGetMACString(call_interface(call))));
	return 0;
}
const struct command iface_mac_command = {
	.name = "iface-mac",
	.summary = "show the MAC address of an interface of the host, by its name",
	.traits = COMMAND_READS,
	.target = FAMILY_TARGET(kind_interface, "interface", BY_NAME),
	.options = (const struct option[]){FAMILY_OBJECT(kind_interface, "interface", "interface"),
					   END},
	.results =
		(const struct field[]){FIELD("mac", "", FIELD_TEXT, FIELD_NULL, "its MAC address"),
				       FIELDS_END},
	.run = iface_mac,
};

DUMPXML_COMMAND(iface_dumpxml, "iface-dumpxml", kind_interface, "interface",
		"network interface of the host",
		FLAG("inactive", VIR_INTERFACE_XML_INACTIVE, "as it is defined"), XPATH);
EDIT_COMMAND(iface_edit, "iface-edit", kind_interface, "interface", "network interface of the host",
	     .reads = VIR_INTERFACE_XML_INACTIVE);
DEFINE_COMMAND(iface_define, "iface-define", kind_interface, "network interface of the host",
	       "Failed to define interface from %s",
	       FLAG("validate", VIR_INTERFACE_DEFINE_VALIDATE, "check the XML by its schema"));

#define ACTS(symbol_, name_, summary_, filter_, ...)                                               \
	ACT_COMMAND(symbol_, name_, summary_, kind_interface, "interface", "interface", filter_,   \
		    .typed = true, __VA_ARGS__)

ACT(start, virInterfaceCreate(object, 0))
ACTS(iface_start, "iface-start", "bring up an interface of the host",
     VIR_CONNECT_LIST_INTERFACES_INACTIVE, .act = start, .failed = "Failed to start interface %s",
     .done = "Interface %s started");

ACT(destroy, virInterfaceDestroy(object, 0))
ACTS(iface_destroy, "iface-destroy", "bring down an interface of the host",
     VIR_CONNECT_LIST_INTERFACES_ACTIVE, .act = destroy, .failed = "Failed to destroy interface %s",
     .done = "Interface %s destroyed");

ACT(undefine, virInterfaceUndefine(object))
ACTS(iface_undefine, "iface-undefine", "remove the definition of an interface of the host", 0,
     .act = undefine, .failed = "Failed to undefine interface %s",
     .done = "Interface %s undefined");

// All that was changed since iface-begin: `act` takes the connection.
static int change(struct call *call, struct error *err)
{
	const struct action *action = call->command->action;

	if (action->act(call, session_connection(call), 0) < 0)
		return action_failed(call, action, "", err);
	action_done(call, action, "");
	return 0;
}

#define CHANGES(symbol_, name_, summary_, ...)                                                     \
	const struct command symbol_##_command = {.name = (name_),                                 \
						  .summary = (summary_),                           \
						  .results = field_none,                           \
						  .run = change,                                   \
						  ACTION(__VA_ARGS__)}

ACT(begin, virInterfaceChangeBegin(object, 0))
CHANGES(iface_begin, "iface-begin", "save the interfaces' definitions, for iface-rollback",
	.act = begin, .failed = "Failed to begin network config change transaction",
	.done = "Network config change transaction started");

ACT(commit, virInterfaceChangeCommit(object, 0))
CHANGES(iface_commit, "iface-commit", "confirm the changes since iface-begin", .act = commit,
	.failed = "Failed to commit network config change transaction",
	.done = "Network config change transaction committed");

ACT(rollback, virInterfaceChangeRollback(object, 0))
CHANGES(iface_rollback, "iface-rollback", "restore the definitions saved by iface-begin",
	.act = rollback, .failed = "Failed to rollback network config change transaction",
	.done = "Network config change transaction rolled back");
