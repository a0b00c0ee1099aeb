// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses that a network has leased.
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/session.h"

static const struct field results[] = {
	FIELD("expires", "Expiry Time", FIELD_TIME, FIELD_NULL,
	      "when the lease ends; null where it never does"),
	FIELD("mac", "MAC address", FIELD_TEXT, FIELD_NULL, "MAC address of who holds it"),
	FIELD("family", "Protocol", FIELD_TEXT, 0, "ipv4 or ipv6"),
	FIELD("address", "IP address", FIELD_TEXT, 0, "the address"),
	FIELD("prefix", NULL, FIELD_INTEGER, COLUMN_JSON_ONLY, "length of its network's prefix"),
	FIELD("hostname", "Hostname", FIELD_TEXT, FIELD_NULL, "name that the holder gave"),
	FIELD("client_id", "Client ID or DUID", FIELD_TEXT, FIELD_NULL,
	      "client ID, or DUID where it is IPv6"),
	FIELD("iaid", NULL, FIELD_TEXT, COLUMN_JSON_ONLY | FIELD_NULL,
	      "identity association, where it is IPv6"),
	FIELDS_END,
};

static int by_mac(const void *a, const void *b)
{
	const char *one = (*(const virNetworkDHCPLeasePtr *)a)->mac;
	const char *other = (*(const virNetworkDHCPLeasePtr *)b)->mac;

	return strcasecmp(one ? one : "", other ? other : "");
}

static struct value or_dash(const char *text)
{
	return value_shown(value_text(text), text ? NULL : "-");
}

static void report_lease(struct report *report, const virNetworkDHCPLease *lease)
{
	auto_free char *address = text_format("%s/%u", lease->ipaddr, lease->prefix);
	auto_free char *exact = lease->expirytime ? instant_exact(lease->expirytime) : NULL;
	auto_free char *shown = instant_local(lease->expirytime);

	report_row(report,
		   (const struct value[]){
			   value_shown(value_text(exact), shown),
			   or_dash(lease->mac),
			   value_text(lease->type == VIR_IP_ADDR_TYPE_IPV6 ? "ipv6" : "ipv4"),
			   value_shown(value_text(lease->ipaddr), address),
			   value_unsigned(lease->prefix),
			   or_dash(lease->hostname),
			   or_dash(lease->clientid),
			   value_text(lease->iaid),
		   });
}

static int net_dhcp_leases(struct call *call, struct error *err)
{
	virNetworkDHCPLeasePtr *leases = NULL;
	int count =
		virNetworkGetDHCPLeases(call_network(call), argument_text(call, "mac"), &leases, 0);

	if (count < 0)
		return virt_failure(err, "Failed to get leases info for %s", call_name(call));
	if (count > 0)
		qsort(leases, (size_t)count, sizeof(*leases), by_mac);
	report_list(call->report, NULL, TABLE_RULED, 0);
	for (int i = 0; i < count; i++) {
		report_lease(call->report, leases[i]);
		virNetworkDHCPLeaseFree(leases[i]);
	}
	free(leases);
	return 0;
}

static void mac_addresses(struct call *call, struct list *found)
{
	auto_error struct error ignored = {0};
	const char *name = argument_text(call, "network");
	virNetworkPtr network = name ? kind_find(&kind_network, session_connection(call), NULL,
						 name, BY_ANY, &ignored)
				     : NULL;
	virNetworkDHCPLeasePtr *leases = NULL;
	int count = network ? virNetworkGetDHCPLeases(network, NULL, &leases, 0) : 0;

	for (int i = 0; i < count; i++) {
		if (leases[i]->mac)
			list_add(found, leases[i]->mac);
		virNetworkDHCPLeaseFree(leases[i]);
	}
	free(leases);
	if (network)
		virNetworkFree(network);
}

const struct command net_dhcp_leases_command = {
	.name = "net-dhcp-leases",
	.summary = "list the addresses that a network has leased",
	.traits = COMMAND_READS,
	.target = NETWORK_TARGET,
	.options =
		(const struct option[]){
			NETWORK(VIR_CONNECT_LIST_NETWORKS_ACTIVE),
			TEXT("mac", mac_addresses, "only those of this MAC address"), END},
	.shape = SHAPE_LIST,
	.results = results,
	.run = net_dhcp_leases,
};
