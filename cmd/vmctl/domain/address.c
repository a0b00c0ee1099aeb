// SPDX-License-Identifier: GPL-3.0-or-later
// What a guest is called in the network, and its addresses.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/words.h"

static void report_address(struct report *report, const virDomainIPAddress *address)
{
	report_open(report, NULL);
	report_field(report, NULL, "type",
		     value_text(address->type == VIR_IP_ADDR_TYPE_IPV4 ? "ipv4" : "ipv6"));
	report_field(report, NULL, "address", value_text(address->addr));
	report_field(report, NULL, "prefix", value_unsigned(address->prefix));
	report_close(report);
}

// People read a line for each address.
static void show_interface(struct report *report, const virDomainInterface *interface, bool full)
{
	const char *mac = interface->hwaddr ? interface->hwaddr : "";

	if (!interface->naddrs)
		report_heading(report, " %-10s %-17s    %-12s %s\n", interface->name, mac, "N/A",
			       "N/A");
	for (unsigned i = 0; i < interface->naddrs; i++) {
		const virDomainIPAddress *address = &interface->addrs[i];
		bool named = full || i == 0;

		report_heading(report, " %-10s %-17s    %-12s %s/%d\n",
			       named ? interface->name : "-", named ? mac : "-",
			       address->type == VIR_IP_ADDR_TYPE_IPV4 ? "ipv4" : "ipv6",
			       address->addr, address->prefix);
	}
}

static void report_interface(struct call *call, const virDomainInterface *interface)
{
	struct report *report = call->report;

	show_interface(report, interface, argument_flag(call, "full"));
	report_open(report, NULL);
	report_field(report, NULL, "name", value_text(interface->name));
	report_field(report, NULL, "mac", value_text(interface->hwaddr));
	report_open_list(report, "addresses");
	for (unsigned i = 0; i < interface->naddrs; i++)
		report_address(report, &interface->addrs[i]);
	report_close(report);
	report_close(report);
}

static int domifaddr(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *wanted = argument_text(call, "interface");
	virDomainInterfacePtr *interfaces = NULL;
	unsigned source = VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE;
	int count;

	if (argument_choice(call, "source", &source, err) < 0)
		return -1;
	count = virDomainInterfaceAddresses(domain, &interfaces, source, 0);
	if (count < 0)
		return domain_failure(err, domain, "Failed to query for interfaces addresses");
	report_message(call->report, " %-10s %-20s %-8s     %s\n", "Name", "MAC address",
		       "Protocol", "Address");
	report_message(call->report, "------------------------------------------------------------"
				     "-------------------\n");
	report_open_list(call->report, NULL);
	for (int i = 0; i < count; i++) {
		if (!wanted || text_equal(interfaces[i]->name, wanted))
			report_interface(call, interfaces[i]);
		virDomainInterfaceFree(interfaces[i]);
	}
	free(interfaces);
	return 0;
}

static const struct option domifaddr_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose addresses are wanted"),
	TEXT("interface", domain_interfaces, "only this interface of the host, such as vnet0"),
	FLAG("full", 0, "repeat the name and MAC address on every line"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL | WRITES,
	 .name = "source",
	 .words = words_address_sources,
	 .help = "who is asked: lease (the DHCP server of libvirt's network, the default), agent "
		 "(the guest agent) or arp (the host's ARP table)"},
	END,
};

static const struct field address_fields[] = {
	FIELD("type", NULL, FIELD_TEXT, 0, "ipv4 or ipv6"),
	FIELD("address", NULL, FIELD_TEXT, 0, "the address"),
	FIELD("prefix", NULL, FIELD_INTEGER, 0, "length of the network's part, in bits"),
	FIELDS_END,
};
static const struct field domifaddr_results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name, for the host or for the agent"),
	FIELD("mac", NULL, FIELD_TEXT, FIELD_NULL, "its MAC address"),
	FIELD_OF("addresses", FIELD_LIST, 0, address_fields, "its addresses"),
	FIELDS_END,
};

const struct command domifaddr_command = {
	.name = "domifaddr",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domifaddr_options,
	.shape = SHAPE_LIST,
	.results = domifaddr_results,
	.summary = "list the network addresses of a guest",
	.run = domifaddr,
};

// The hypervisor's own way, or one of these.
static const char *const name_sources[] = {"lease", "agent", NULL};
_Static_assert(VIR_DOMAIN_GET_HOSTNAME_LEASE == 1 && VIR_DOMAIN_GET_HOSTNAME_AGENT == 2,
	       "the bit of a source is its place in the list");

static int domhostname(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *name = NULL;
	unsigned source = 0;

	if (argument_choice(call, "source", &source, err) < 0)
		return -1;
	name = virDomainGetHostname(domain, argument_given(call, "source") ? 1U << source : 0);
	if (!name)
		return domain_failure(err, domain, "failed to get hostname");
	report_value(call->report, "hostname", value_text(name));
	return 0;
}

static const struct option domhostname_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose name is wanted"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "source",
	 .words = name_sources,
	 .help = "who is asked: lease (the DHCP server of libvirt's network) or agent (the guest "
		 "agent)"},
	END,
};

static const struct field domhostname_results[] = {
	FIELD("hostname", "", FIELD_TEXT, 0, "its host name"),
	FIELDS_END,
};

const struct command domhostname_command = {
	.name = "domhostname",
	.target = MANY_DOMAINS(BY_ANY),
	.options = domhostname_options,
	.results = domhostname_results,
	.summary = "show the host name of a guest",
	.run = domhostname,
};
